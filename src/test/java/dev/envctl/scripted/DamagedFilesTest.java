package dev.envctl.scripted;

import static org.assertj.core.api.Assertions.assertThat;

import dev.envctl.EnvctlException;
import dev.envctl.environment.HandOff;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** State files that are torn, empty, foreign or unreadable: a clear failure or a right recovery, never a wrong reuse. */
final class DamagedFilesTest {
    private final Kit kit;

    DamagedFilesTest(@TempDir Path folder) {
        kit = Kit.in(folder);
    }

    @Test
    void areRecoveredFromOrNamed() throws InterruptedException {
        var foreign = kit.host(0);
        var others = foreign.up();
        Rounds.run("damaged", Rounds.count("damaged", 100), seed -> {
            var random = new Random(seed);
            var host = kit.host(seed);
            var ready = begin(host, random);
            var damage = Damage.any(random);
            // Files are damaged by people and disks, long after the engine has done what it was asked for.
            host.world.settle();
            if (ready && random.nextInt(5) == 0 && !damage.file().matches("lock|primary.json")) {
                damage.to(host.directory(), foreign.directory().path(), random);
                attach(host);
            } else {
                host.alive().ifPresent(PrimaryProcess::kill);
                damage.to(host.directory(), foreign.directory().path(), random);
                recover(host, damage, random);
            }
            downAfter(host, damage);
            Check.nothingLeft(host);
        });
        // Whoever was given its files has not touched it.
        assertThat(foreign.alive()).isPresent();
        Check.ready(foreign, others);
        foreign.down();
        Check.nothingLeft(foreign);
    }

    /** Then neither a label nor a file tells of what it has not got to. */
    @Test
    void nothingIsLeftByOneThatWasKilledAfterItsLastRemovalAndWhoseJournalIsLost() throws IOException {
        var host = kit.host(1);
        host.up();
        var primary = host.alive().orElseThrow();
        primary.life.strike(new Strike("engine: remove network", 1, Strike.Moment.AFTER));
        primary.end();
        Files.delete(host.directory().journal());

        host.down();

        Check.nothingLeft(host);
    }

    /** False where it was killed on the way, or before it was ready. */
    private static boolean begin(Host host, Random random) {
        var strike = random.nextInt(3) == 0 ? KilledTest.any(random, KilledTest.CREATION) : Strike.never();
        try {
            host.up(strike, FullDisk.NEVER);
        } catch (EnvctlException e) {
            Host.clear(e);
        }
        host.awaitEndOfTheDead();
        return host.alive().isPresent();
    }

    /** What is handed out while the primary lives is its own environment. */
    private static void attach(Host host) {
        try {
            assertOwn(host, host.up());
        } catch (EnvctlException e) {
            Host.clear(e);
        }
    }

    private static void assertOwn(Host host, HandOff found) {
        synchronized (host.world) {
            assertThat(host.world.networks.keySet()).containsExactly("envctl-e2e-" + found.id());
        }
    }

    private static void recover(Host host, Damage damage, Random random) {
        if (random.nextInt(3) == 0) {
            return;
        }
        try {
            Check.ready(host, host.up());
        } catch (EnvctlException e) {
            assertNames(damage, e);
        }
    }

    private static void downAfter(Host host, Damage damage) {
        try {
            host.down();
        } catch (EnvctlException e) {
            assertNames(damage, e);
        }
        damage.mend(host.directory());
        host.down();
    }

    /** Only what is in the way keeps anybody from going on, and it is said what that is. */
    private static void assertNames(Damage damage, EnvctlException failure) {
        var told = Host.clear(failure).problem() + failure.details();
        assertThat(damage.kind()).as("%s: %s", damage, told).isEqualTo(Damage.Kind.A_FOLDER);
        assertThat(told).contains(damage.file());
    }
}
