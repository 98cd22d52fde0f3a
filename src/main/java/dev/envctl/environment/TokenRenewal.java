package dev.envctl.environment;

import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which leases' tokens are to be renewed: those with less than a third of their life left. Reads when a token was given
 * and expires from the token itself (RFC 7519), so a new primary knows it too.
 */
final class TokenRenewal {
    private final LeaseFiles files;
    private final Clock clock;
    private final Map<Integer, Known> known = new HashMap<>();

    /** A token's file as it was when it was read. */
    private record Known(long changed, Instant due) {}

    TokenRenewal(LeaseFiles files, Clock clock) {
        this.files = files;
        this.clock = clock;
    }

    /** A token that cannot be read is due. */
    List<Integer> due() {
        var now = clock.instant();
        var present = files.tokens();
        known.keySet().retainAll(present.keySet());
        present.forEach((worker, changed) -> {
            var before = known.get(worker);
            if (before == null || before.changed() != changed) {
                known.put(worker, new Known(changed, read(worker)));
            }
        });
        return known.entrySet().stream()
                .filter(token -> !token.getValue().due().isAfter(now))
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
    }

    /** It could not be renewed: not again for a while. */
    void postpone(int worker, Duration pause) {
        known.computeIfPresent(
                worker,
                (same, token) -> new Known(token.changed(), clock.instant().plus(pause)));
    }

    private Instant read(int worker) {
        return EnvironmentDirectory.read(files.token(worker))
                .map(TokenRenewal::due)
                .orElse(Instant.MAX);
    }

    static Instant due(String token) {
        try {
            var parts = token.split("\\.", -1);
            var claims = JsonParser.parseString(
                            new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8))
                    .getAsJsonObject();
            var given = claims.get("iat").getAsLong();
            var expires = claims.get("exp").getAsLong();
            return Instant.ofEpochSecond(given + (expires - given) * 2 / 3);
        } catch (JsonParseException
                | IllegalStateException
                | IllegalArgumentException
                | NullPointerException
                | ArrayIndexOutOfBoundsException e) {
            return Instant.MIN;
        }
    }
}
