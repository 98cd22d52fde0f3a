package dev.envctl.machine;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Writes envctl's own drop-in file for Podman.
 *
 * @param text all of the file
 * @param keys the settings in it, for people
 */
record ConfigurePodman(String text, String keys) implements Mend {
    private static final String INTRODUCTION = PodmanConfiguration.HEADER + """
             It holds only what Podman needs to run kind's nodes on this machine.
            # Delete the file to undo it. envctl setup writes it anew; what you want to keep belongs in another file.
            """;

    static ConfigurePodman with(List<PodmanLine> lines) {
        return new ConfigurePodman(
                text(lines), lines.stream().map(PodmanLine::key).collect(Collectors.joining(", ")));
    }

    /** The file that says these lines, each behind its reason. */
    private static String text(List<PodmanLine> lines) {
        var text = new StringBuilder(INTRODUCTION);
        var table = "";
        for (var line : sorted(lines)) {
            if (!line.table().equals(table)) {
                table = line.table();
                text.append("\n[").append(table).append("]\n");
            }
            text.append("# ").append(line.why()).append('\n');
            text.append(line.key()).append(" = ").append(line.value()).append('\n');
        }
        return text.toString();
    }

    /** The same without reasons, tables before their settings. */
    static List<String> entries(List<PodmanLine> lines) {
        var entries = new ArrayList<String>();
        for (var line : sorted(lines)) {
            var table = "[" + line.table() + "]";
            if (!entries.contains(table)) {
                entries.add(table);
            }
            entries.add(line.key() + " = " + line.value());
        }
        return entries;
    }

    private static List<PodmanLine> sorted(List<PodmanLine> lines) {
        return lines.stream().sorted(Comparator.comparing(PodmanLine::table)).toList();
    }

    @Override
    public String phase() {
        return "configure Podman";
    }

    @Override
    public String sentence() {
        return "Write %s, which sets %s for every container of root on this machine."
                .formatted(PodmanConfiguration.OURS, keys);
    }

    @Override
    public Duration estimate() {
        return Duration.ofSeconds(1);
    }

    @Override
    public void perform(Workshop workshop) {
        var machine = workshop.machine();
        if (machine.exists(PodmanConfiguration.OURS) && !PodmanConfiguration.isOurs(machine)) {
            throw new EnvctlException(
                    FailureKind.FAILED,
                    PodmanConfiguration.OURS + " was not written by envctl, which leaves it as it is.",
                    "Move it away, or add what `envctl doctor` says by hand.");
        }
        try {
            write(machine.at(PodmanConfiguration.OURS));
        } catch (IOException e) {
            throw new EnvctlException(
                    FailureKind.FAILED,
                    "%s cannot be written: %s.".formatted(PodmanConfiguration.OURS, e.getMessage()),
                    "Run `envctl doctor` and set by hand what it says.",
                    e);
        }
        workshop.log().accept("wrote " + PodmanConfiguration.OURS);
    }

    /** In one step: Podman refuses to start anything while half a file is there. */
    private void write(Path file) throws IOException {
        Files.createDirectories(file.getParent());
        // Podman reads only names that end in .conf.
        var whole = file.resolveSibling(file.getFileName() + ".new");
        Files.writeString(whole, text);
        Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
