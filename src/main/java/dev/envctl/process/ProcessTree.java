package dev.envctl.process;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** A process and all that it has started: whose parent ends has another one then, so they are remembered. */
final class ProcessTree {
    private final Set<ProcessHandle> known = new LinkedHashSet<>();

    ProcessTree(ProcessHandle root) {
        known.add(root);
    }

    /** SIGTERM for all, and SIGKILL for those that still run after the grace. At once where it is interrupted. */
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
            if (System.nanoTime() >= until || !new ProcessEnd(running.get(0)).awaitBriefly()) {
                running().forEach(ProcessHandle::destroyForcibly);
                return;
            }
        }
    }

    private List<ProcessHandle> running() {
        for (var one : List.copyOf(known)) {
            one.descendants().forEach(known::add);
        }
        return known.stream()
                .filter(process -> new ProcessEnd(process).isAhead())
                .toList();
    }
}
