package dev.envctl.primary;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Notices when the wall clock was set or the machine was suspended, by comparing three clocks: the wall clock, the time since
 * boot with suspension (the first number of /proc/uptime, proc(5)), and the monotonic clock, which stands still in suspension.
 */
final class Clocks {
    private static final Duration TOLERATED = Duration.ofSeconds(5);
    private static final Path UPTIME = Path.of("/proc/uptime");

    private final LongSupplier wall;
    private final LongSupplier sinceBoot;
    private final LongSupplier monotonic;
    private long wallAhead;
    private long bootAhead;

    /** All in milliseconds, from any point in time. */
    Clocks(LongSupplier wall, LongSupplier sinceBoot, LongSupplier monotonic) {
        this.wall = wall;
        this.sinceBoot = sinceBoot;
        this.monotonic = monotonic;
        look();
    }

    static Clocks ofMachine() {
        return new Clocks(System::currentTimeMillis, Clocks::uptime, Clocks::running);
    }

    private static long running() {
        return System.nanoTime() / 1_000_000;
    }

    private static long uptime() {
        try {
            var text = Files.readString(UPTIME);
            return (long) (Double.parseDouble(text.substring(0, text.indexOf(' '))) * 1000);
        } catch (IOException e) {
            return running();
        }
    }

    /** What has happened since the last look. */
    Optional<String> look() {
        var now = monotonic.getAsLong();
        var boot = sinceBoot.getAsLong() - now;
        var wallNow = wall.getAsLong() - now;
        var suspended = Duration.ofMillis(boot - bootAhead);
        var set = Duration.ofMillis(wallNow - wallAhead).minus(suspended);
        bootAhead = boot;
        wallAhead = wallNow;
        if (set.abs().compareTo(TOLERATED) > 0) {
            return Optional.of(
                    "The clock was set %s by %d s: certificates and tokens may count as expired or not yet valid; limits are not moved."
                            .formatted(set.isNegative() ? "back" : "forward", seconds(set.abs())));
        }
        return suspended.compareTo(TOLERATED) > 0
                ? Optional.of(
                        "The machine was suspended for %d s, which counts for no limit.".formatted(seconds(suspended)))
                : Optional.empty();
    }

    /** The nearest: the clocks are not read at the same moment, and the one since boot goes in steps of 10 ms. */
    private static long seconds(Duration time) {
        return time.plusMillis(500).toSeconds();
    }
}
