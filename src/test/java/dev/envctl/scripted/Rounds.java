package dev.envctl.scripted;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs the same many times, each with a seed of its own, and tells what ran. {@code -Denvctl.rounds.NAME=N} sets how many,
 * {@code -Denvctl.seed=S} the first seed: a round that failed is run again by its seed and one round.
 */
final class Rounds {
    /** One round: what it does follows from its seed, but for the order of threads. */
    @FunctionalInterface
    interface Round {
        void run(long seed) throws Exception;
    }

    private static final int AT_ONCE = 2;
    private static final int SHOWN = 5;

    private Rounds() {}

    static int count(String name, int usual) {
        return Integer.getInteger("envctl.rounds." + name, usual);
    }

    static void run(String name, int rounds, Round round) throws InterruptedException {
        long first = Long.getLong("envctl.seed", System.nanoTime() & 0xffffffffL);
        var begun = System.nanoTime();
        var failures = Collections.synchronizedList(new ArrayList<AssertionError>());
        var done = new AtomicInteger();
        var threads = Executors.newFixedThreadPool(AT_ONCE);
        for (var i = 0; i < rounds; i++) {
            var seed = first + i;
            threads.execute(() -> {
                if (failures.size() < SHOWN) {
                    one(name, seed, round, failures);
                    done.incrementAndGet();
                }
            });
        }
        threads.shutdown();
        if (!threads.awaitTermination(1, TimeUnit.HOURS)) {
            threads.shutdownNow();
        }
        System.out.printf(
                "scripted: %s: %d rounds, %d failed, seeds from %d, %.1f s%n",
                name, done.get(), failures.size(), first, (System.nanoTime() - begun) / 1e9);
        throwAll(failures);
    }

    private static void one(String name, long seed, Round round, List<AssertionError> failures) {
        try {
            round.run(seed);
        } catch (Exception | AssertionError e) {
            var again = "-Denvctl.rounds.%s=1 -Denvctl.seed=%d".formatted(name, seed);
            failures.add(new AssertionError("again with %s: %s".formatted(again, e.getMessage()), e));
        }
    }

    private static void throwAll(List<AssertionError> failures) {
        if (!failures.isEmpty()) {
            var first = failures.get(0);
            failures.subList(1, failures.size()).forEach(first::addSuppressed);
            throw first;
        }
    }
}
