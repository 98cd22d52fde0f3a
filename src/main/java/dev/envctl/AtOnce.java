package dev.envctl;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** Does the same with several things at once; the first failure stops the others. */
public final class AtOnce {
    private static final long SECONDS_TO_STOP = 5;

    private AtOnce() {}

    /**
     * The results, in the order of the items.
     *
     * @param what is done, as it reads before "was interrupted"
     * @param most how many at the same time
     */
    public static <T, R> List<R> each(String what, int most, List<T> items, Function<T, R> work) {
        return items.size() < 2 ? items.stream().map(work).toList() : pooled(what, most, items, work);
    }

    private static <T, R> List<R> pooled(String what, int most, List<T> items, Function<T, R> work) {
        var threads = Executors.newFixedThreadPool(Math.max(1, Math.min(items.size(), most)), AtOnce::daemon);
        try {
            var completion = new ExecutorCompletionService<R>(threads);
            var futures = new ArrayList<Future<R>>();
            items.forEach(item -> futures.add(completion.submit(() -> work.apply(item))));
            for (var ignored : items) {
                completion.take().get();
            }
            var results = new ArrayList<R>();
            for (var future : futures) {
                results.add(future.get());
            }
            return results;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EnvctlException(FailureKind.INTERRUPTED, what + " was interrupted.", "", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException(what + " failed in an unforeseen way", e);
        } finally {
            stop(threads);
        }
    }

    /**
     * Runs all parts at the same time, see {@link #each}. A single one too on a thread of its own: who waits here can be
     * interrupted, who waits for a database cannot.
     */
    public static void run(String what, List<Runnable> parts) {
        pooled(what, parts.size(), parts, part -> {
            part.run();
            return true;
        });
    }

    /** Waits for what was interrupted, so that nobody writes any more after the failure was told. */
    private static void stop(ExecutorService threads) {
        threads.shutdownNow();
        var interrupted = Thread.interrupted();
        try {
            if (!threads.awaitTermination(SECONDS_TO_STOP, TimeUnit.SECONDS)) {
                // They are daemons and hold nothing that outlives the process.
                return;
            }
        } catch (InterruptedException e) {
            interrupted = true;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static Thread daemon(Runnable task) {
        var thread = new Thread(task, "at once");
        thread.setDaemon(true);
        return thread;
    }
}
