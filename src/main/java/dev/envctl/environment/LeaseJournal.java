package dev.envctl.environment;

import dev.envctl.spec.PortRange;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** What the journal knows of leases on demand: of which indexes something may exist. */
final class LeaseJournal {
    private static final String STEP = "lease";
    private static final String BEGUN = "intent";
    private static final String GONE = "done";
    private static final String WORKER = "worker";

    private final Journal journal;
    private final List<Journal.Entry> before;

    /** @param directory whose journal has been written until now */
    LeaseJournal(Journal journal, EnvironmentDirectory directory) {
        this.journal = journal;
        this.before = Journal.read(directory.journal());
    }

    /** Before anything is made for the index. */
    void begin(int worker) {
        journal.write(STEP, BEGUN, Map.of(WORKER, Integer.toString(worker)));
    }

    /** Nothing is left of it. */
    void end(int worker) {
        journal.write(STEP, GONE, Map.of(WORKER, Integer.toString(worker)));
    }

    /** Those that were begun before this primary and not ended. */
    Collection<Integer> open() {
        var open = new TreeSet<Integer>();
        for (var entry : before) {
            if (entry.step().equals(STEP)) {
                var worker = Integer.parseInt(entry.facts().getOrDefault(WORKER, "0"));
                if (entry.event().equals(BEGUN)) {
                    open.add(worker);
                } else {
                    open.remove(worker);
                }
            }
        }
        return open;
    }

    /** See {@link ReservePorts#blocks}. */
    List<PortRange> reservedBlocks() {
        return ReservePorts.blocks(before);
    }

    /** See {@link ReservePorts#nodePorts}. */
    Optional<PortRange> reservedNodePorts() {
        return ReservePorts.nodePorts(before);
    }
}
