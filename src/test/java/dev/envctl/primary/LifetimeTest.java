package dev.envctl.primary;

import static org.assertj.core.api.Assertions.assertThat;

import dev.envctl.process.KnownProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class LifetimeTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Lifetime.Use UNUSED = () -> false;

    private long now = Long.MAX_VALUE - MINUTE.toNanos();

    private Lifetime of(@Nullable Duration ttl, @Nullable Duration idle, KnownProcess... owners) {
        return new Lifetime(new LifetimeLimits(ttl, idle, List.of(owners), false), () -> now);
    }

    private void pass(Duration time) {
        now += time.toNanos();
    }

    @Test
    void withoutALimitItStays() {
        var lifetime = of(null, null);
        lifetime.rests();
        pass(Duration.ofDays(300));

        assertThat(lifetime.over(UNUSED)).isEmpty();
        assertThat(lifetime.json().keySet()).containsExactly("ephemeral");
    }

    /** Across the point where the clock's number overflows, too. */
    @Test
    void itsTimeToLiveEndsIt() {
        var lifetime = of(MINUTE.multipliedBy(2), null);
        pass(MINUTE.plusSeconds(59));
        assertThat(lifetime.over(UNUSED)).isEmpty();
        pass(Duration.ofSeconds(1));

        assertThat(lifetime.over(UNUSED)).contains("its time to live of 2m is over");
    }

    @Test
    void aTimeToLiveIsExtendedAndNeverCutShort() {
        var lifetime = of(MINUTE.multipliedBy(10), null);
        assertThat(lifetime.extend(MINUTE)).isFalse();
        pass(MINUTE.multipliedBy(9));
        assertThat(lifetime.extend(MINUTE.multipliedBy(2))).isTrue();
        pass(MINUTE.plusSeconds(59));
        assertThat(lifetime.over(UNUSED)).isEmpty();
        pass(Duration.ofSeconds(1));

        assertThat(lifetime.over(UNUSED)).isPresent();
    }

    @Test
    void whatStaysIsNotGivenATimeToLiveByWhoAttaches() {
        var lifetime = of(null, null);

        assertThat(lifetime.extend(MINUTE)).isFalse();
        assertThat(lifetime.rest(MINUTE)).isFalse();
        assertThat(lifetime.add(KnownProcess.self())).isFalse();
        pass(MINUTE.multipliedBy(2));
        assertThat(lifetime.over(UNUSED)).isEmpty();
    }

    @Test
    void itIsIdleOnlyOnceItRests() {
        var lifetime = of(null, MINUTE);
        pass(MINUTE.multipliedBy(2));
        assertThat(lifetime.over(UNUSED)).isEmpty();
        lifetime.rests();
        pass(Duration.ofSeconds(59));
        assertThat(lifetime.over(UNUSED)).isEmpty();
        pass(Duration.ofSeconds(1));

        assertThat(lifetime.over(UNUSED)).contains("nobody used it for 1m");
    }

    @Test
    void useKeepsItFromBeingIdle() {
        var lifetime = of(null, MINUTE);
        lifetime.rests();
        pass(Duration.ofSeconds(50));
        assertThat(lifetime.over(() -> true)).isEmpty();
        pass(Duration.ofSeconds(50));
        assertThat(lifetime.over(UNUSED)).isEmpty();
        pass(Duration.ofSeconds(10));

        assertThat(lifetime.over(UNUSED)).isPresent();
    }

    @Test
    void theLastOwnersEndEndsIt() throws Exception {
        var first = sleeper();
        var second = sleeper();
        var lifetime = of(null, null, known(first));
        assertThat(lifetime.add(known(second))).isTrue();
        end(first);
        assertThat(lifetime.over(UNUSED)).isEmpty();
        end(second);

        assertThat(lifetime.over(UNUSED)).contains("its owner (pid %d) is gone".formatted(second.pid()));
    }

    /** The same pid, another process. */
    @Test
    void aReusedPidIsNotTheOwner() {
        var self = KnownProcess.self();
        var lifetime = of(null, null, new KnownProcess(self.pid(), self.started() - 1));

        assertThat(lifetime.over(UNUSED)).contains("its owner (pid %d) is gone".formatted(self.pid()));
    }

    @Test
    void whatIsDisownedStaysForItsTimeToLive() {
        var lifetime = of(MINUTE, MINUTE, new KnownProcess(1, -1));
        lifetime.rests();
        lifetime.disown();
        pass(Duration.ofSeconds(59));
        assertThat(lifetime.over(UNUSED)).isEmpty();
        pass(Duration.ofSeconds(1));

        assertThat(lifetime.over(UNUSED)).contains("its time to live of 1m is over");
    }

    @Test
    void tellsWhatWillEndIt() {
        var lifetime = of(MINUTE, Duration.ofSeconds(30), KnownProcess.self());
        assertThat(lifetime.json().keySet()).containsExactlyInAnyOrder("ephemeral", "ttl", "endsAt", "idle", "owners");
        lifetime.rests();

        var json = lifetime.json();
        assertThat(json.get("ttl").getAsString()).isEqualTo("1m");
        assertThat(json.get("idle").getAsString()).isEqualTo("30s");
        assertThat(json.get("idleEndsAt").getAsString())
                .isLessThan(json.get("endsAt").getAsString());
        assertThat(json.getAsJsonArray("owners").get(0).getAsLong())
                .isEqualTo(KnownProcess.self().pid());
    }

    private static Process sleeper() throws IOException {
        return new ProcessBuilder("sleep", "100").start();
    }

    private static KnownProcess known(Process process) {
        return KnownProcess.of(process.pid()).orElseThrow();
    }

    private static void end(Process process) {
        process.destroyForcibly().onExit().orTimeout(10, TimeUnit.SECONDS).join();
    }
}
