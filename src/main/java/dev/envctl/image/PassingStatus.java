package dev.envctl.image;

import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/** Which statuses of HTTP may pass by themselves: 408, 429 and those of a server in trouble. */
final class PassingStatus {
    private PassingStatus() {}

    static Optional<PassingFailure> of(Response response) {
        var status = response.status();
        if (status != 408 && status != 429 && status < 500) {
            return Optional.empty();
        }
        var notBefore = response.header("Retry-After").map(value -> retryAfter(value, Clock.systemUTC()));
        var meaning = status == 429 ? " (too many requests)" : "";
        var reason = "%s answered HTTP %d%s".formatted(response.server(), status, meaning);
        return Optional.of(new PassingFailure(reason, notBefore.orElse(Duration.ZERO), null));
    }

    /** Seconds or a date (RFC 9110, 10.2.3); what is neither counts as nothing said. */
    static Duration retryAfter(String value, Clock clock) {
        var text = value.strip();
        if (text.matches("[0-9]{1,9}")) {
            return Duration.ofSeconds(Long.parseLong(text));
        }
        try {
            var date = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME);
            var until = Duration.between(clock.instant(), date.toInstant());
            return until.isNegative() ? Duration.ZERO : until;
        } catch (DateTimeException e) {
            return Duration.ZERO;
        }
    }
}
