package dev.envctl.machine;

import dev.envctl.machine.PodmanConfiguration.Setting;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What containers.conf has to say on this machine so that Podman can run kind's nodes. */
final class PodmanSettings {
    /** What Podman (4.3 to 5) asks for containers of root, whatever the machine allows. */
    private static final long DEFAULT_LIMIT = 1_048_576;

    private final Machine machine;
    private final Installed installed;
    private final PodmanConfiguration configuration;

    PodmanSettings(Machine machine, Installed installed) {
        this.machine = machine;
        this.installed = installed;
        this.configuration = new PodmanConfiguration(machine);
    }

    /** What must hold; empty where Podman's defaults do whatever is set. */
    List<PodmanLine> lines(PodmanConcern concern) {
        return switch (concern) {
            case LIMITS -> limits();
            case CGROUPS -> cgroups();
            case RUNTIME -> runtime();
        };
    }

    Optional<Setting> inForce(PodmanLine line) {
        return configuration.inForce(line.table(), line.key());
    }

    boolean isMet(PodmanLine line) {
        return line.isMetBy(inForce(line));
    }

    /** Who keeps envctl from setting this, as a sentence; empty where nobody does. */
    Optional<String> obstacle(PodmanLine line) {
        var owners = configuration.withoutOurs(line.table(), line.key()).filter(Setting::isOwners);
        if (owners.isPresent()) {
            var setting = owners.get();
            return Optional.of("%s sets %s = %s, and envctl leaves that as it is."
                    .formatted(setting.file(), setting.key(), setting.value()));
        }
        if (machine.environment().containsKey("CONTAINERS_CONF")) {
            return Optional.of(
                    "CONTAINERS_CONF names the only file that Podman reads, and envctl leaves that as it is.");
        }
        if (machine.exists(PodmanConfiguration.OURS) && !PodmanConfiguration.isOurs(machine)) {
            return Optional.of(PodmanConfiguration.OURS + " was not written by envctl, which leaves it as it is.");
        }
        return Optional.empty();
    }

    /** Every line our file must hold, not only those that are lacking now: it is always written whole. */
    List<PodmanLine> ours() {
        return Arrays.stream(PodmanConcern.values())
                .flatMap(concern -> lines(concern).stream())
                .filter(line -> obstacle(line).isEmpty())
                .filter(line -> !line.isMetBy(configuration.withoutOurs(line.table(), line.key())))
                .toList();
    }

    /**
     * Podman gives a container of root a million open files and processes. Without CAP_SYS_RESOURCE the runtime may not
     * raise a hard limit, and every start fails with "operation not permitted". Rootless Podman takes what it has.
     */
    private List<PodmanLine> limits() {
        if (!machine.isRoot() || machine.mayRaiseLimits("self")) {
            return List.of();
        }
        Map<String, Long> hard = new LinkedHashMap<>();
        hardLimit("Max open files")
                .filter(limit -> limit < DEFAULT_LIMIT)
                .ifPresent(limit -> hard.put("nofile", limit));
        hardLimit("Max processes")
                .map(limit -> Math.min(limit, highestProcess()))
                .filter(limit -> limit < DEFAULT_LIMIT)
                .ifPresent(limit -> hard.put("nproc", limit));
        if (hard.isEmpty()) {
            return List.of();
        }
        var value = hard.entrySet().stream()
                .map(limit -> "\"%s=%d:%d\"".formatted(limit.getKey(), limit.getValue(), limit.getValue()))
                .collect(Collectors.joining(", ", "[", "]"));
        return List.of(new PodmanLine(
                "containers",
                "default_ulimits",
                value,
                "Root lacks CAP_SYS_RESOURCE here, so containers cannot get more than this machine's own hard limits.",
                set -> set.filter(text -> keepsWithin(hard, text)).isPresent()));
    }

    /** The last number but the unit's name of a line of /proc/self/limits; empty for unlimited. */
    private Optional<Long> hardLimit(String name) {
        return machine.lines("/proc/self/limits").stream()
                .filter(line -> line.startsWith(name))
                .map(line -> line.substring(name.length()).strip().split("\\s+"))
                .filter(columns -> columns.length > 1 && columns[1].matches("\\d{1,18}"))
                .map(columns -> Long.valueOf(columns[1]))
                .findFirst();
    }

    /** Podman lowers its own limit of processes to the highest process id, and what it starts cannot get more. */
    private long highestProcess() {
        return machine.read("/proc/sys/kernel/pid_max")
                .map(String::strip)
                .filter(text -> text.matches("\\d{1,18}"))
                .map(Long::valueOf)
                .orElse(Long.MAX_VALUE);
    }

    private static boolean keepsWithin(Map<String, Long> hard, String array) {
        Map<String, Long> set = Stream.of(array.replaceAll("[\\[\\]\"' ]", "").split(","))
                .map(entry -> entry.split("[=:]"))
                .filter(parts -> parts.length > 1 && parts[parts.length - 1].matches("\\d{1,18}"))
                .collect(Collectors.toMap(
                        parts -> parts[0], parts -> Long.valueOf(parts[parts.length - 1]), (first, second) -> second));
        return hard.entrySet().stream()
                .allMatch(limit -> set.getOrDefault(limit.getKey(), Long.MAX_VALUE) <= limit.getValue());
    }

    /** Podman asks systemd for cgroups and for its journal if process 1 is called systemd, or if told to. */
    private List<PodmanLine> cgroups() {
        if (!machine.isLinux() || machine.hasSystemd()) {
            return List.of();
        }
        var looksLikeSystemd = machine.read("/proc/1/comm")
                .map(String::strip)
                .filter("systemd"::equals)
                .isPresent();
        var lines = new ArrayList<PodmanLine>();
        lines.add(new PodmanLine(
                "engine",
                "cgroup_manager",
                "\"cgroupfs\"",
                "No systemd runs here that could make cgroups for containers.",
                set -> set.map("cgroupfs"::equals).orElse(!looksLikeSystemd)));
        lines.add(new PodmanLine(
                "engine",
                "events_logger",
                "\"file\"",
                "No journal runs here that could keep Podman's events.",
                set -> set.map(text -> !text.equals("journald")).orElse(!looksLikeSystemd)));
        return lines;
    }

    /** Podman prefers crun where it finds it; crun refuses machines that still mount cgroup v1. */
    private List<PodmanLine> runtime() {
        if (!machine.isLinux() || machine.hasUnifiedCgroups()) {
            return List.of();
        }
        var hasCrun = installed.program("crun").isPresent();
        return List.of(new PodmanLine(
                "engine",
                "runtime",
                "\"runc\"",
                "This machine mounts cgroup v1, which the runtime crun refuses.",
                set -> set.map(text -> !text.endsWith("crun")).orElse(!hasCrun)));
    }
}
