package dev.envctl.scripted;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What exists on the scripted host beside files: networks, volumes, nodes, and processes that go on when whoever started
 * them is killed. Its monitor orders the steps of all lives.
 */
final class World {
    static final String ADMIN_KUBECONFIG = "/etc/kubernetes/admin.conf";

    /** How many steps of others an engine may take for what it was asked before its caller was killed. */
    private static final int LATEST = 200;

    /** A pause of this length is longer than any engine takes for what it was asked. */
    private static final Duration LONG = Duration.ofMillis(300);

    /** A program that runs: in steps while somebody waits for it or it was left over. */
    static final class Running {
        final String program;
        final String arguments;
        final Deque<Runnable> steps = new ArrayDeque<>();
        boolean failed;
        /** One of so many steps of others is one of its own. */
        int slowness = 4;

        Running(String program, String arguments) {
            this.program = program;
            this.arguments = arguments;
        }

        /** Does its next step. */
        void next() {
            var step = steps.poll();
            if (step != null) {
                step.run();
            }
        }

        @Override
        public String toString() {
            return "process " + program + " " + arguments;
        }
    }

    private static final class Late {
        private final Runnable effect;
        private int patience;

        Late(Runnable effect, int patience) {
            this.effect = effect;
            this.patience = patience;
        }
    }

    final Map<String, Map<String, String>> networks = new LinkedHashMap<>();
    final Map<String, Map<String, String>> volumes = new LinkedHashMap<>();
    final Map<String, ScriptedNode> nodes = new LinkedHashMap<>();
    final Set<Running> processes = java.util.Collections.newSetFromMap(new LinkedHashMap<>());
    private final List<Late> late = new ArrayList<>();
    private final Random random;

    World(long seed) {
        random = new Random(seed);
    }

    synchronized int chance(int bound) {
        return random.nextInt(bound);
    }

    /** The engine has been asked for it, and does it soon. */
    void later(Runnable effect) {
        late.add(new Late(effect, random.nextInt(LATEST)));
    }

    /** Nobody waits for its programs any more: some go on as fast as before, some hardly. */
    void orphan() {
        processes.forEach(process -> process.slowness = List.of(4, 20, 100).get(random.nextInt(3)));
    }

    /** Time passes for those nobody waits for. */
    synchronized void drift() {
        var due = late.stream().filter(one -> one.patience-- <= 0).toList();
        late.removeAll(due);
        due.forEach(one -> one.effect.run());
        for (var process : List.copyOf(processes)) {
            if (process.failed) {
                processes.remove(process);
            } else if (!process.steps.isEmpty() && random.nextInt(process.slowness) == 0) {
                process.next();
            } else if (process.steps.isEmpty() && !process.program.equals("conmon")) {
                processes.remove(process);
            }
        }
    }

    /** Somebody waits. */
    synchronized void pause(Duration duration) {
        drift();
        if (duration.compareTo(LONG) >= 0) {
            settle();
        }
    }

    /** What the engine was asked for is done. */
    synchronized void settle() {
        var all = List.copyOf(late);
        late.clear();
        all.forEach(one -> one.effect.run());
    }

    synchronized @Nullable ScriptedNode behind(int port) {
        return nodes.values().stream()
                .filter(node -> node.running && node.port == port)
                .findFirst()
                .orElse(null);
    }

    synchronized boolean isEmpty() {
        return networks.isEmpty() && volumes.isEmpty() && nodes.isEmpty() && processes.isEmpty() && late.isEmpty();
    }

    @Override
    public synchronized String toString() {
        var all = new TreeMap<String, Object>();
        all.put("networks", networks.keySet());
        all.put("volumes", volumes.keySet());
        all.put("nodes", nodes.keySet());
        all.put("processes", processes);
        all.put("late", late.size());
        return all.toString();
    }
}
