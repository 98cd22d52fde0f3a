package dev.envctl.process;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A process and all that it has started: whose parent ends has another one then, so they are remembered. */
final class ProcessTree {
    private static final Duration LOOK_AGAIN = Duration.ofMillis(20);

    private final Set<ProcessHandle> known = new LinkedHashSet<>();

    ProcessTree(ProcessHandle root) {
        known.add(root);
    }

    /** SIGTERM for all, and SIGKILL for those that still run after the grace. Returns at once where it is interrupted. */
    void end(Duration grace) {
        var until = System.nanoTime() + grace.toNanos();
        Set<ProcessHandle> asked = new LinkedHashSet<>();
        while (true) {
            var running = running();
            if (running.isEmpty()) {
                return;
            }
            // What has been started meanwhile is asked as well.
            running.stream().filter(asked::add).forEach(ProcessHandle::destroy);
            if (System.nanoTime() >= until || !pause(running.get(0))) {
                running().forEach(ProcessHandle::destroyForcibly);
                return;
            }
        }
    }

    private List<ProcessHandle> running() {
        for (var one : List.copyOf(known)) {
            one.descendants().forEach(known::add);
        }
        return known.stream().filter(ProcessTree::runs).toList();
    }

    /** A process that has ended but whose parent has not asked for its exit code has no command any more. */
    private static boolean runs(ProcessHandle process) {
        return process.isAlive() && process.info().command().isPresent();
    }

    /** False when this thread was interrupted. */
    private static boolean pause(ProcessHandle process) {
        try {
            process.onExit().get(LOOK_AGAIN.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (ExecutionException | TimeoutException e) {
            return true;
        }
    }
}
