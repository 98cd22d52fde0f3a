package dev.envctl.client;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.environment.WorkerLease;
import dev.envctl.primary.LeaseClient;
import dev.envctl.primary.LockClient;
import dev.envctl.primary.PrimaryRecord;
import dev.envctl.process.OwnProcess;
import dev.envctl.readiness.Answer;
import dev.envctl.readiness.Deadline;
import dev.envctl.readiness.Wait;
import dev.envctl.spec.Durations;
import dev.envctl.suite.Holdings;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a primary gives to suites: leases that are tied to this process, and a named lock that says who may run. */
final class PrimaryHoldings implements Holdings {
    /** Suites share it; one that runs alone does not. */
    private static final String LOCK = "envctl.suites";

    private static final Set<String> TAKEN = Set.of("held", "kept");
    private static final Set<String> COMING = Set.of("making", "ahead", "held", "leaving");

    private static final Duration EVERY = Duration.ofSeconds(1);
    /** How long one may take to be made. */
    private static final Duration MAKING = Duration.ofMinutes(2);
    /** How long somebody else may keep the last ones: longer than most suites. */
    private static final Duration ROOM = Duration.ofHours(1);

    private static final Duration SHORTEST = Duration.ofSeconds(1);

    private final LeaseClient leases;
    private final LockClient locks;
    private final Wait waits;

    PrimaryHoldings(PrimaryRecord primary, Wait waits) {
        this.leases = new LeaseClient(primary.api(), primary.token());
        this.locks = new LockClient(primary.api(), primary.token());
        this.waits = waits;
    }

    /** How many leases on demand nobody has. */
    int free() {
        var all = leases.list();
        return all.get("onDemand").getAsInt()
                - (int) states(all).filter(TAKEN::contains).count();
    }

    /** Those that are kept for inspection wait for a person, all others come back by themselves. */
    private boolean noneComesBack() {
        return states(leases.list()).noneMatch(COMING::contains);
    }

    private static Stream<String> states(JsonObject list) {
        return list.getAsJsonArray("leases").asList().stream()
                .map(lease -> lease.getAsJsonObject().get("state").getAsString());
    }

    @Override
    public Turn turn(String suite, boolean alone, Deadline deadline, Consumer<String> waiting) {
        var holder = "suite %s [pid %d]".formatted(suite, OwnProcess.pid());
        var wanted = new LockClient.Wanted(LOCK, !alone, Optional.of(left(deadline)), holder);
        var lost = new AtomicReference<@Nullable String>();
        var taken = locks.take(wanted, holders -> waiting.accept("waiting for " + holders));
        taken.onLoss(reason -> lost.set("the environment has lost its primary: " + reason));
        return new Turn() {
            @Override
            public Optional<String> lost() {
                return Optional.ofNullable(lost.get());
            }

            @Override
            public void close() {
                taken.close();
            }
        };
    }

    /** A refusal passes where somebody else gives a lease back. */
    @Override
    public WorkerLease lease(String suite, Deadline deadline, Consumer<String> waiting) {
        var room = deadline.atMost(ROOM);
        return waits.until("a lease", room, EVERY, waiting, () -> {
            try {
                return Answer.ready(acquire(suite, left(room.atMost(MAKING))));
            } catch (EnvctlException e) {
                if (e.kind() != FailureKind.USAGE || noneComesBack()) {
                    throw e;
                }
                return Answer.notYet((e.problem() + " " + e.remedy()).strip());
            }
        });
    }

    private WorkerLease acquire(String suite, Duration limit) {
        var body = new JsonObject();
        body.addProperty("holder", "suite " + suite);
        body.addProperty("pid", OwnProcess.pid());
        body.addProperty("timeout", Durations.format(limit));
        return new Gson().fromJson(leases.acquire(body, limit), WorkerLease.class);
    }

    /** In whole seconds, as the primary takes it. */
    private static Duration left(Deadline deadline) {
        var seconds = Duration.ofSeconds(deadline.remaining().toSeconds());
        return seconds.compareTo(SHORTEST) < 0 ? SHORTEST : seconds;
    }

    @Override
    public void release(WorkerLease lease) {
        leases.release(lease.worker(), false);
    }
}
