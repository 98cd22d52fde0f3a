package dev.envctl.machine;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Sets kernel parameters until the next reboot.
 *
 * @param why what for, as it reads after "so that"
 */
record SetKernelParameters(SortedMap<String, Long> values, String why) implements Mend {
    SetKernelParameters {
        values = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(values));
    }

    static String file(String parameter) {
        return "/proc/sys/" + parameter.replace('.', '/');
    }

    /** What does the same by hand; the last one makes it last beyond a reboot. */
    List<String> commands(Machine machine) {
        return List.of(
                PackageManager.asRoot(machine, "sysctl -w " + assignments(" ")),
                "printf '%%s\\n' %s | %s"
                        .formatted(
                                assignments(" "),
                                PackageManager.asRoot(machine, "tee -a /etc/sysctl.d/90-envctl.conf")));
    }

    private String assignments(String separator) {
        return values.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .collect(Collectors.joining(separator));
    }

    @Override
    public String phase() {
        return "set kernel parameters";
    }

    @Override
    public String sentence() {
        return "Set %s until the next reboot, so that %s.".formatted(assignments(" and "), why);
    }

    @Override
    public Duration estimate() {
        return Duration.ofSeconds(1);
    }

    @Override
    public void perform(Workshop workshop) {
        values.forEach((parameter, value) -> {
            try {
                Files.writeString(workshop.machine().at(file(parameter)), value + "\n");
            } catch (IOException e) {
                throw new EnvctlException(
                        FailureKind.FAILED,
                        "The kernel parameter %s cannot be set to %d: %s.".formatted(parameter, value, e.getMessage()),
                        "Inside a container only its host can set it. There: sysctl -w %s=%d"
                                .formatted(parameter, value),
                        e);
            }
        });
        workshop.progress()
                .note("%s is set until the next reboot. To make it last: %s"
                        .formatted(
                                assignments(" and "),
                                commands(workshop.machine()).get(1)));
    }
}
