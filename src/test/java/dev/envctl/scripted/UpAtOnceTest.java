package dev.envctl.scripted;

import static org.assertj.core.api.Assertions.assertThat;

import dev.envctl.environment.HandOff;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A hundred {@code up} at the same moment: one creates, all others attach. Threads take the place of processes: within one
 * JVM the lock's table excludes as the kernel does between processes, and where two only ask at once it says "held", after
 * which both ask again.
 */
final class UpAtOnceTest {
    private static final int MANY = 100;

    private final Kit kit;

    UpAtOnceTest(@TempDir Path folder) {
        kit = Kit.in(folder);
    }

    @Test
    void oneCreatesAndTheOthersAttach() throws InterruptedException {
        Rounds.run("up-at-once", Rounds.count("up-at-once", 10), seed -> {
            var random = new Random(seed);
            var host = kit.host(seed).patient();
            switch (random.nextInt(5)) {
                case 0 -> {
                    // Of these, one takes over.
                    host.up();
                    host.alive().orElseThrow().kill();
                }
                case 1 -> KilledTest.up(host, KilledTest.any(random, KilledTest.CREATION));
                default -> {}
            }
            KilledTest.withdraw(host);
            var living = host.alive().isPresent() ? 0 : 1;
            var started = host.primaries();
            var answers = upAtOnce(host);
            assertThat(answers).hasSize(1);
            assertThat(host.primaries() - started)
                    .as("primaries that were started")
                    .isEqualTo(living);
            Check.ready(host, answers.iterator().next());
            host.down();
            Check.nothingLeft(host);
        });
    }

    /** The different answers that they get. */
    private static Set<HandOff> upAtOnce(Host host) throws Exception {
        var threads = Executors.newFixedThreadPool(MANY);
        try {
            var together = new CyclicBarrier(MANY);
            var ups = new ArrayList<Callable<HandOff>>();
            for (var i = 0; i < MANY; i++) {
                ups.add(() -> {
                    together.await(1, TimeUnit.MINUTES);
                    return host.up();
                });
            }
            var answers = new HashSet<HandOff>();
            for (var answer : threads.invokeAll(ups)) {
                answers.add(answer.get());
            }
            return answers;
        } finally {
            threads.shutdownNow();
        }
    }
}
