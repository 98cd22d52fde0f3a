package dev.envctl.scripted;

import static org.assertj.core.api.Assertions.assertThat;

import dev.envctl.EnvctlException;
import dev.envctl.environment.Past;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** kill -9 at any step of up, of a ready environment and of down: the next up is ready, and down leaves nothing. */
final class KilledTest {
    /** More than the steps of a creation: some strikes never come. */
    static final int CREATION = 260;

    private static final int REMOVAL = 50;

    private final Kit kit;

    KilledTest(@TempDir Path folder) {
        kit = Kit.in(folder);
    }

    @Test
    void whereverItStrikesTheNextUpIsReadyAndDownLeavesNothing() throws InterruptedException {
        Rounds.run("killed", Rounds.count("killed", 300), seed -> {
            var random = new Random(seed);
            var host = kit.host(seed);
            var blows = 1 + random.nextInt(3);
            for (var blow = 0; blow < blows; blow++) {
                strike(host, random);
            }
            if (random.nextInt(4) > 0) {
                converge(host);
            }
            host.down();
            Check.nothingLeft(host);
        });
    }

    static Strike any(Random random, int steps) {
        return Strike.at(1 + random.nextInt(steps), Strike.moment(random));
    }

    private static void strike(Host host, Random random) {
        var alive = host.alive();
        if (alive.isEmpty()) {
            if (random.nextInt(4) > 0) {
                up(host, any(random, CREATION));
            } else {
                killedDown(host, any(random, REMOVAL));
            }
        } else if (random.nextInt(3) == 0) {
            alive.get().kill();
        } else if (random.nextInt(2) == 0) {
            alive.get().life.strike(any(random, REMOVAL));
            host.down();
            Check.nothingLeft(host);
        } else {
            killedDown(host, any(random, REMOVAL));
        }
    }

    /** Either it becomes ready before the strike, or whoever waits is told clearly. */
    static void up(Host host, Strike strike) {
        try {
            host.up(strike, FullDisk.NEVER);
        } catch (EnvctlException e) {
            Host.clear(e);
        }
        host.awaitEndOfTheDead();
    }

    private static void killedDown(Host host, Strike strike) {
        try {
            host.down(strike, FullDisk.NEVER);
        } catch (Killed e) {
            assertThat(e).hasMessage("kill -9");
        }
        host.primary().filter(PrimaryProcess::isEnding).ifPresent(PrimaryProcess::awaitEnd);
    }

    /** A strike that has not hit yet would hit what goes on in the background, at any time. */
    static void withdraw(Host host) {
        host.alive().ifPresent(primary -> primary.life.strike(Strike.never()));
        host.awaitEndOfTheDead();
    }

    /** What was there is taken over or removed, and that is said. */
    private static void converge(Host host) {
        withdraw(host);
        var attaches = host.alive().isPresent();
        var before = Past.read(host.directory());
        var ready = host.up();
        Check.ready(host, ready);
        if (!attaches) {
            assertTold(host, before, ready.id());
        }
    }

    private static void assertTold(Host host, Optional<Past> before, String now) {
        var primary = host.primary().orElseThrow();
        before.map(past -> past.identity().id()).ifPresent(id -> {
            var what = "%s environment e2e (id %s)".formatted(id.equals(now) ? "Took over" : "Removing", id);
            assertThat(primary.said(what)).as("%s in %s", what, primary.said).isTrue();
        });
    }

    @Test
    void atEveryJournaledStep() throws InterruptedException {
        var created = new ArrayList<>(journaled(kit.host(1), 0));
        // What the first two of them announce.
        created.addAll(List.of("engine: create network", "kind: start", "kind: goes on"));
        var adopted = journaled(kit.host(2), 1);
        assertThat(created).hasSizeGreaterThan(10);
        assertThat(adopted).hasSize(3);
        var all = new ArrayList<>(created);
        all.addAll(adopted);
        var times = Rounds.count("journaled", 3);
        System.out.printf("scripted: %d journaled steps, %d times each: %s%n", all.size(), times, all);
        Rounds.run("journaled-steps", all.size() * times, seed -> {
            var step = (int) Long.remainderUnsigned(seed, all.size());
            var moment = Strike.moment(new Random(seed));
            var host = kit.host(seed);
            if (step >= created.size()) {
                host.up();
                host.alive().orElseThrow().kill();
            }
            up(host, new Strike(all.get(step), 1, moment));
            assertThat(host.alive()).as("killed %s %s", moment, all.get(step)).isEmpty();
            converge(host);
            host.down();
            Check.nothingLeft(host);
        });
    }

    /** The journal's lines as a primary writes them: the first, or one that takes over. */
    private static List<String> journaled(Host host, int kills) {
        host.up();
        for (var kill = 0; kill < kills; kill++) {
            host.alive().orElseThrow().kill();
            host.up();
        }
        var lines = new LinkedHashMap<String, Boolean>();
        host.alive().orElseThrow().life.steps().stream()
                .filter(step -> step.startsWith("journal "))
                // Of the pool, which is filled once the environment is ready: any time, or not yet.
                .filter(step -> !step.startsWith("journal lease"))
                .forEach(step -> assertThat(lines.put(step, true)).isNull());
        host.down();
        Check.nothingLeft(host);
        return List.copyOf(lines.keySet());
    }
}
