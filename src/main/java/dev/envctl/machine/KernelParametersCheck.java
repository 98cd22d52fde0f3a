package dev.envctl.machine;

import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Whether kernel parameters are at least so high.
 *
 * @param least parameters in sysctl's spelling
 * @param why what they are for, as it reads after "so that"
 * @param otherwise what happens without, a sentence
 */
record KernelParametersCheck(Machine machine, String title, SortedMap<String, Long> least, String why, String otherwise)
        implements Check {
    /**
     * Advice only: Podman's network backend turns forwarding on with the first container where it may; where /proc/sys
     * is read-only to it, nobody but the machine's owner can.
     */
    static Check forwarding(Machine machine) {
        return new KernelParametersCheck(
                machine,
                "IP forwarding",
                new TreeMap<>(Map.of("net.ipv4.ip_forward", 1L)),
                "containers reach the network",
                "Containers may not reach the network.");
    }

    /** The values of kind's page of known issues, "Pod errors due to too many open files". */
    static Check inotify(Machine machine) {
        return new KernelParametersCheck(
                machine,
                "inotify limits",
                new TreeMap<>(Map.of("fs.inotify.max_user_instances", 512L, "fs.inotify.max_user_watches", 524_288L)),
                "pods can watch files",
                "Pods may fail with \"too many open files\".");
    }

    @Override
    public Need need() {
        return Need.ADVICE;
    }

    @Override
    public Verdict look() {
        SortedMap<String, Long> found = new TreeMap<>();
        for (var parameter : least.keySet()) {
            machine.number(SetKernelParameters.file(parameter)).ifPresent(value -> found.put(parameter, value));
        }
        if (found.isEmpty()) {
            return Verdict.of(Outcome.notApplicable(
                    machine.isLinux() ? "this kernel does not tell" : "the engine's virtual machine sets them"));
        }
        SortedMap<String, Long> wanted = new TreeMap<>();
        found.forEach((parameter, value) -> {
            var limit = least.getOrDefault(parameter, 0L);
            if (value < limit) {
                wanted.put(parameter, limit);
            }
        });
        if (wanted.isEmpty()) {
            return Verdict.of(Outcome.ok(list(found)));
        }
        found.keySet().retainAll(wanted.keySet());
        var mend = new SetKernelParameters(wanted, why);
        return Verdict.of(
                Outcome.wrong("%s. %s".formatted(list(found), otherwise), mend.commands(machine)),
                machine.isRoot() ? Optional.of(mend) : Optional.empty());
    }

    private static String list(SortedMap<String, Long> values) {
        return values.entrySet().stream()
                .map(entry -> entry.getKey() + " is " + entry.getValue())
                .collect(Collectors.joining(", "));
    }
}
