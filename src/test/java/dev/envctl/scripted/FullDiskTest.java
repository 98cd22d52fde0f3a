package dev.envctl.scripted;

import static org.assertj.core.api.Assertions.assertThat;

import dev.envctl.EnvctlException;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk that is full, or cannot be written any more, at each change of a file: told, rolled back, and gone with down. */
final class FullDiskTest {
    private static final int EVER = Integer.MAX_VALUE;

    private final Kit kit;

    FullDiskTest(@TempDir Path folder) {
        kit = Kit.in(folder);
    }

    @Test
    void atEachChangeOfAFile() throws InterruptedException {
        var changes = changes();
        assertThat(changes).isGreaterThan(40);
        System.out.printf("scripted: %d changes of files in a creation%n", changes);
        Rounds.run("full-disk", Rounds.count("full-disk", 100), seed -> {
            var random = new Random(seed);
            var host = kit.host(seed);
            var first = 1 + (int) Long.remainderUnsigned(seed, changes);
            var disk = new FullDisk(first, random.nextBoolean() ? 1 : EVER, random.nextInt(4) == 0);
            switch (random.nextInt(4)) {
                case 0 -> removal(host, disk);
                case 1 -> {
                    host.up();
                    host.alive().orElseThrow().kill();
                    creation(host, disk);
                }
                default -> {
                    if (!creation(host, disk)) {
                        assertThat(host.world.isEmpty())
                                .as("left: %s", host.world)
                                .isTrue();
                    }
                }
            }
            host.alive().ifPresent(primary -> primary.life.on(FullDisk.NEVER));
            switch (random.nextInt(3)) {
                case 0 -> downOn(host, new FullDisk(1 + random.nextInt(20), EVER, random.nextBoolean()));
                case 1 -> Check.ready(host, host.up());
                default -> {}
            }
            host.down();
            Check.nothingLeft(host);
        });
    }

    /** How many a creation and its end make. */
    private int changes() {
        var host = kit.host(0);
        var counting = new FullDisk(EVER, 0, true);
        host.up(Strike.never(), counting);
        host.down();
        return counting.changes();
    }

    /** False where it failed. */
    private static boolean creation(Host host, FullDisk disk) {
        try {
            Check.ready(host, host.up(Strike.never(), disk));
            return true;
        } catch (EnvctlException e) {
            assertTold(e);
            host.primary().ifPresent(PrimaryProcess::awaitEnd);
            return false;
        }
    }

    private static void removal(Host host, FullDisk disk) {
        host.up();
        host.alive().orElseThrow().life.on(disk);
        downOn(host, FullDisk.NEVER);
    }

    private static void downOn(Host host, FullDisk disk) {
        try {
            host.down(Strike.never(), disk);
            host.primary().ifPresent(PrimaryProcess::awaitEnd);
            assertThat(host.world.isEmpty()).as("left: %s", host.world).isTrue();
        } catch (EnvctlException e) {
            assertTold(e);
        }
    }

    private static void assertTold(EnvctlException failure) {
        var told = Host.clear(failure).problem() + failure.details();
        assertThat(told).containsAnyOf("No space left on device", "Read-only file system");
    }
}
