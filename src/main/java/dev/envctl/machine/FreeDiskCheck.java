package dev.envctl.machine;

import dev.envctl.spec.ClusterSpec.EngineChoice;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToLongFunction;
import java.util.regex.Pattern;

/** Whether there is room for images and containers where the engine keeps them. */
record FreeDiskCheck(Machine machine, EngineChoice engine, ToLongFunction<Path> freeBytes) implements Check {
    private static final long GIBIBYTE = 1L << 30;
    private static final long ENOUGH = 10 * GIBIBYTE;
    private static final Pattern GRAPHROOT = Pattern.compile("(?m)^\\s*graphroot\\s*=\\s*\"([^\"]+)\"");

    @Override
    public String title() {
        return "Free disk";
    }

    @Override
    public Need need() {
        return Need.ADVICE;
    }

    @Override
    public Verdict look() {
        if (!machine.isLinux()) {
            return Verdict.of(Outcome.notApplicable("the engine's virtual machine has a disk of its own"));
        }
        var store = store();
        var free = freeBytes.applyAsLong(machine.at(store));
        var said = String.format(Locale.ROOT, "%.1f GiB free for %s", (double) free / GIBIBYTE, store);
        if (free >= ENOUGH) {
            return Verdict.of(Outcome.ok(said));
        }
        var program = engine == EngineChoice.DOCKER ? "docker" : "podman";
        return Verdict.of(Outcome.wrong(
                "Only %s; images and containers need about %d GiB.".formatted(said, ENOUGH / GIBIBYTE),
                List.of(program + " system df", program + " image prune")));
    }

    private String store() {
        if (engine == EngineChoice.DOCKER) {
            return "/var/lib/docker";
        }
        if (!machine.isRoot()) {
            return Optional.ofNullable(machine.environment().get("XDG_DATA_HOME"))
                            .orElse(machine.home() + "/.local/share")
                    + "/containers/storage";
        }
        return machine.read("/etc/containers/storage.conf")
                .or(() -> machine.read("/usr/share/containers/storage.conf"))
                .map(GRAPHROOT::matcher)
                .filter(matcher -> matcher.find())
                .map(matcher -> matcher.group(1))
                .filter(path -> path.startsWith("/"))
                .orElse("/var/lib/containers/storage");
    }
}
