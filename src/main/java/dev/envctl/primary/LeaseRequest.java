package dev.envctl.primary;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.environment.WorkerLease.Holder;
import dev.envctl.process.KnownProcess;
import dev.envctl.spec.Durations;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * The body of {@code POST /v1/leases}.
 *
 * @param timeout how long the caller waits for a lease that is not ready yet
 */
record LeaseRequest(String holder, Optional<KnownProcess> process, Optional<Duration> ttl, Duration timeout) {
    private static final Set<String> KEYS = Set.of("holder", "pid", "ttl", "timeout");
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    /** @throws EnvctlException USAGE where it makes no sense */
    static LeaseRequest of(JsonObject body) {
        for (var key : body.keySet()) {
            if (!KEYS.contains(key)) {
                throw refused("There is no `%s` in a request for a lease.".formatted(key));
            }
        }
        var holder = Locks.printable(text(body, "holder").orElse(""));
        var process = text(body, "pid").map(LeaseRequest::process);
        return new LeaseRequest(
                holder,
                process,
                duration(body, "ttl").or(() -> process.isPresent() ? Optional.empty() : Optional.of(Slot.DEFAULT_TTL)),
                duration(body, "timeout").orElse(TIMEOUT));
    }

    Holder holder(Instant now) {
        return new Holder(
                holder,
                process.map(KnownProcess::pid).orElse(0L),
                process.map(KnownProcess::started).orElse(0L),
                ttl.map(Durations::format).orElse(""),
                now.toString());
    }

    private static KnownProcess process(String pid) {
        try {
            return KnownProcess.of(Long.parseLong(pid)).orElseThrow(() -> refused("No process " + pid + " runs."));
        } catch (NumberFormatException e) {
            throw refused("`pid` is no number: " + pid);
        }
    }

    private static Optional<Duration> duration(JsonObject body, String name) {
        try {
            return text(body, name).map(Durations::parse);
        } catch (IllegalArgumentException e) {
            throw refused("`%s`: %s".formatted(name, e.getMessage()));
        }
    }

    private static Optional<String> text(JsonObject body, String name) {
        var value = body.get(name);
        if (value == null || value.isJsonNull()) {
            return Optional.empty();
        }
        return Optional.of(value)
                .filter(JsonElement::isJsonPrimitive)
                .map(JsonElement::getAsString)
                .or(() -> {
                    throw refused("`%s` is no text.".formatted(name));
                });
    }

    private static EnvctlException refused(String problem) {
        return new EnvctlException(FailureKind.USAGE, problem, "docs/api.md shows what can be asked.");
    }
}
