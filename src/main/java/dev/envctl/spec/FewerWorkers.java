package dev.envctl.spec;

import java.util.Optional;

/** What of those that are there from the start and those on demand would be lowered to make room. */
record FewerWorkers(int count, int onDemand) {
    /**
     * The smallest change, as it reads after "or"; empty where there is room for none.
     *
     * @param fitting how many workers of both kinds there is room for
     */
    Optional<String> to(long fitting) {
        if (fitting <= 0) {
            return Optional.empty();
        }
        if (onDemand > 0 && fitting >= count) {
            return Optional.of("lower `workers.onDemand` to " + (fitting - count));
        }
        if (fitting > onDemand) {
            return Optional.of("lower `workers.count` to " + (fitting - onDemand));
        }
        return Optional.of("lower `workers.count` and `workers.onDemand` to %d together".formatted(fitting));
    }
}
