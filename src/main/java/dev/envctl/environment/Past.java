package dev.envctl.environment;

import dev.envctl.spec.ClusterSpec.EngineChoice;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What the journal tells about an environment whose primary is gone.
 *
 * @param engine the one it was made with
 * @param address where that engine answered
 * @param bootId of the kernel it was made under
 * @param begun whether anything may have been made
 * @param handedOff whether it was whole once
 * @param lastStep the last step that was begun
 */
public record Past(
        Identity identity,
        EngineChoice engine,
        String address,
        String bootId,
        boolean begun,
        boolean handedOff,
        String lastStep) {

    /** Empty where the journal names no environment. */
    public static Optional<Past> read(EnvironmentDirectory directory) {
        var entries = Journal.read(directory.journal());
        return entries.stream()
                .filter(entry -> entry.step().equals(Journal.BEGIN))
                .reduce((earlier, later) -> later)
                .flatMap(begin -> of(begin, entries));
    }

    private static Optional<Past> of(Journal.Entry begin, List<Journal.Entry> entries) {
        var facts = begin.facts();
        try {
            var identity = new Identity(
                    facts.getOrDefault("name", ""),
                    facts.getOrDefault("id", ""),
                    begin.epoch(),
                    facts.getOrDefault("traceId", ""));
            // Checks name and id: a journal that was tampered with must not name somebody else's cluster.
            identity.cluster();
            return Optional.of(new Past(
                    identity,
                    EngineChoice.valueOf(facts.getOrDefault("engine", "auto").toUpperCase(Locale.ROOT)),
                    facts.getOrDefault("address", ""),
                    facts.getOrDefault("bootId", ""),
                    entries.stream().anyMatch(entry -> entry.event().equals("intent")),
                    entries.stream()
                            .anyMatch(entry -> entry.step().equals(Journal.HAND_OFF)
                                    && entry.event().equals("done")),
                    entries.get(entries.size() - 1).step()));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
