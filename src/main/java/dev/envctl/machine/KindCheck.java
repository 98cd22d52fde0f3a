package dev.envctl.machine;

import dev.envctl.process.Command;
import dev.envctl.process.Programs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * kind, from the search path or from the cache.
 *
 * @param cache envctl's cache directory
 */
record KindCheck(Machine machine, Programs programs, Path cache) implements Check {
    /** Older ones fail with "failed to detect containerd snapshotter" on node images with containerd 2 (kind#3853). */
    static final Version OLDEST = new Version(0, 27);

    /** @param said the version in kind's own words; empty where it does not tell */
    private record Candidate(Path path, Optional<String> said) {
        boolean isNewEnough() {
            return said.flatMap(Version::in)
                    .filter(version -> version.isAtLeast(OLDEST))
                    .isPresent();
        }

        String blame() {
            return said.map(version -> "%s is kind %s".formatted(path, version))
                    .orElse(path + " does not tell its version");
        }
    }

    @Override
    public String title() {
        return "kind";
    }

    @Override
    public Need need() {
        return Need.EVERY_ENGINE;
    }

    @Override
    public Verdict look() {
        var candidates = candidates();
        var usable = candidates.stream().filter(Candidate::isNewEnough).findFirst();
        if (usable.isPresent()) {
            return Verdict.of(Outcome.ok("%s at %s"
                    .formatted(usable.get().said().orElseThrow(), usable.get().path())));
        }
        if (candidates.isEmpty()) {
            return trouble("kind is not installed.", Outcome.State.MISSING);
        }
        var blame = candidates.stream().map(Candidate::blame).collect(Collectors.joining(", "));
        return trouble(
                "%s; node images with containerd 2 need kind %s or newer.".formatted(blame, OLDEST),
                Outcome.State.WRONG);
    }

    private List<Candidate> candidates() {
        var paths = new LinkedHashSet<Path>();
        programs.find("kind").ifPresent(paths::add);
        var own = InstallKind.target(cache);
        if (Files.isExecutable(own)) {
            paths.add(own);
        }
        return paths.stream().map(this::ask).toList();
    }

    /** kind says "kind v0.33.0 go1.26.8 linux/amd64". */
    private Candidate ask(Path path) {
        var said = Answers.of(programs, Command.of(path.toString(), "version"))
                .map(finished -> finished.stdout().strip().split("\\s+"))
                .filter(words -> words.length > 1 && words[0].equals("kind"))
                .map(words -> words[1]);
        return new Candidate(path, said);
    }

    private Verdict trouble(String problem, Outcome.State state) {
        var go = GoCheck.version(machine, programs).filter(found -> found.isAtLeast(GoCheck.OLDEST));
        if (go.isPresent()) {
            var mend = new InstallKind(cache);
            return Verdict.of(new Outcome(state, problem, mend.commands()), Optional.of(mend));
        }
        return Verdict.of(new Outcome(state, problem, byHand()));
    }

    private List<String> byHand() {
        if (machine.isMac()) {
            return List.of("brew install kind");
        }
        var processor = machine.architecture().equals("aarch64") ? "arm64" : machine.architecture();
        var own = InstallKind.target(cache);
        return List.of(
                "mkdir -p " + own.getParent(),
                "curl -fLo %s https://kind.sigs.k8s.io/dl/%s/kind-linux-%s"
                        .formatted(own, InstallKind.VERSION, processor),
                "chmod +x " + own,
                "# or install Go %s or newer and run: envctl setup".formatted(GoCheck.OLDEST));
    }
}
