package dev.envctl.environment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenRenewalTest {
    private static final Instant GIVEN = Instant.parse("2026-01-01T10:00:00Z");

    @TempDir
    Path folder;

    private static String token(Instant given, Duration life) {
        var claims = "{\"iat\": %d, \"exp\": %d}"
                .formatted(given.getEpochSecond(), given.plus(life).getEpochSecond());
        return "head." + Base64.getUrlEncoder().encodeToString(claims.getBytes(StandardCharsets.UTF_8)) + ".sign";
    }

    private TokenRenewal at(Duration later) {
        return new TokenRenewal(new LeaseFiles(folder), Clock.fixed(GIVEN.plus(later), ZoneOffset.UTC));
    }

    private void write(int worker, String text) throws IOException {
        Files.writeString(folder.resolve(worker + ".token"), text);
    }

    @Test
    void isDueWhenTwoThirdsOfTheLifeHavePassed() throws IOException {
        write(3, token(GIVEN, Duration.ofHours(1)));

        assertThat(at(Duration.ofMinutes(39)).due()).isEmpty();
        assertThat(at(Duration.ofMinutes(40)).due()).containsExactly(3);
        assertThat(at(Duration.ofDays(1)).due()).containsExactly(3);
    }

    @Test
    void readsAFileAgainThatHasChanged() throws IOException {
        write(3, token(GIVEN, Duration.ofHours(1)));
        var renewal = at(Duration.ofHours(1));
        assertThat(renewal.due()).containsExactly(3);

        write(3, token(GIVEN.plus(Duration.ofHours(1)), Duration.ofHours(1)));
        assertThat(folder.resolve("3.token").toFile().setLastModified(1_000_000))
                .isTrue();

        assertThat(renewal.due()).isEmpty();
    }

    @Test
    void waitsAfterAFailure() throws IOException {
        write(3, token(GIVEN, Duration.ofHours(1)));
        var renewal = at(Duration.ofHours(1));
        renewal.due();

        renewal.postpone(3, Duration.ofMinutes(1));

        assertThat(renewal.due()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "a.b.c", "a.e30.c", "a.W10.c"})
    void whatCannotBeReadIsDue(String text) throws IOException {
        write(3, text);

        assertThat(at(Duration.ZERO).due()).containsExactly(3);
    }

    @Test
    void nothingIsDueWhereThereIsNothing() {
        assertThat(new TokenRenewal(new LeaseFiles(folder.resolve("none")), Clock.systemUTC()).due())
                .isEmpty();
    }
}
