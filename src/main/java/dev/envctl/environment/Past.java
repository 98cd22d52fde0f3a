package dev.envctl.environment;

import dev.envctl.spec.ClusterSpec.EngineChoice;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What the journal tells about an environment whose primary is gone.
 *
 * @param engine the one it was made with
 * @param address where that engine answered
 * @param bootId of the kernel it was made under
 * @param madeFrom stands for all the settings it was made from; empty where the journal does not say
 * @param begun whether anything may have been made
 * @param handedOff whether it was whole once
 * @param lastStep the last step that was begun
 */
public record Past(
        Identity identity,
        EngineChoice engine,
        String address,
        String bootId,
        String madeFrom,
        boolean begun,
        boolean handedOff,
        String lastStep) {

    /** Empty where the journal names no environment of this directory. */
    public static Optional<Past> read(EnvironmentDirectory directory) {
        var entries = Journal.read(directory.journal());
        return entries.stream()
                .filter(entry -> entry.step().equals(Journal.BEGIN))
                .flatMap(begin -> of(begin, entries, directory).stream())
                .reduce((earlier, later) -> later);
    }

    private static Optional<Past> of(Journal.Entry begin, List<Journal.Entry> entries, EnvironmentDirectory directory) {
        var facts = begin.facts();
        try {
            if (belongsElsewhere(facts, directory)) {
                return Optional.empty();
            }
            var identity = new Identity(
                    facts.getOrDefault("name", ""),
                    facts.getOrDefault("id", ""),
                    begin.epoch(),
                    facts.getOrDefault("traceId", ""));
            // Checks name and id: a journal that was tampered with must not name just any cluster.
            identity.cluster();
            return Optional.of(new Past(
                    identity,
                    EngineChoice.valueOf(facts.getOrDefault("engine", "auto").toUpperCase(Locale.ROOT)),
                    facts.getOrDefault("address", ""),
                    facts.getOrDefault("bootId", ""),
                    facts.getOrDefault("madeFrom", ""),
                    entries.stream().anyMatch(entry -> entry.event().equals("intent")),
                    entries.stream()
                            .anyMatch(entry -> entry.step().equals(Journal.HAND_OFF)
                                    && entry.event().equals("done")),
                    entries.get(entries.size() - 1).step()));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /**
     * A folder that was copied holds the journal of somebody else's environment, which may be in use; a folder that was moved
     * holds its own.
     */
    private static boolean belongsElsewhere(Map<String, String> facts, EnvironmentDirectory directory) {
        var written = facts.getOrDefault("directory", "");
        return !facts.getOrDefault("name", "")
                        .equals(String.valueOf(directory.path().getFileName()))
                || (!written.isEmpty()
                        && !written.equals(directory.path().toString())
                        && Files.exists(new EnvironmentDirectory(Path.of(written)).journal()));
    }
}
