package dev.envctl.primary;

import com.google.gson.JsonObject;
import dev.envctl.EnvctlException;
import dev.envctl.environment.EnvironmentDirectory;
import dev.envctl.environment.HandOff;
import dev.envctl.environment.Health;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Looks every few seconds whether the environment still is what it was. While it is not, the state is {@link State#BROKEN} and
 * there is no hand-off, so that nobody starts to use it; what can heal by itself is ready again afterwards.
 */
final class HealthWatch implements AutoCloseable {
    private static final Duration EVERY = Duration.ofSeconds(3);

    private final Health health;
    private final EventLog events;
    private final Notices notices;
    private final EnvironmentDirectory directory;
    private final HandOff handOff;
    private final IntConsumer emptied;
    /** Workers whose leases could not be restored yet. */
    private final Set<Integer> waiting = new TreeSet<>();

    private final CountDownLatch ended = new CountDownLatch(1);
    private final Thread thread = new Thread(this::watch, "health");
    private @Nullable Break broken;
    private String trouble = "";

    private record Break(String reason, boolean lasting, Moment since) {}

    /** @param emptied restores the lease of a worker whose own Redis server was restarted; asked again where it fails */
    HealthWatch(
            Health health,
            EventLog events,
            Notices notices,
            EnvironmentDirectory directory,
            HandOff handOff,
            IntConsumer emptied) {
        this.health = health;
        this.events = events;
        this.notices = notices;
        this.directory = directory;
        this.handOff = handOff;
        this.emptied = emptied;
        thread.setDaemon(true);
    }

    HealthWatch start() {
        thread.start();
        return this;
    }

    private void watch() {
        try (health) {
            do {
                look();
            } while (!ended.await(EVERY.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            return;
        }
    }

    /** What fails, such as a write to a full disk, is told once and tried again with the next look. */
    private void look() {
        try {
            var finding = health.look();
            take(finding);
            waiting.addAll(finding.emptied());
            restore();
            trouble = "";
        } catch (RuntimeException e) {
            var told = trouble;
            trouble = e.toString();
            if (ended.getCount() > 0 && !trouble.equals(told)) {
                events.warn("Watching the environment: "
                        + (e instanceof EnvctlException failure ? failure.problem() : trouble));
            }
        }
    }

    /** One server that does not answer keeps no other worker waiting. */
    private void restore() {
        RuntimeException failure = null;
        for (var worker : List.copyOf(waiting)) {
            try {
                emptied.accept(worker);
                waiting.remove(worker);
            } catch (RuntimeException e) {
                failure = e;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    private synchronized void take(Health.Finding finding) {
        // Once the removal has begun, nothing is given back.
        if (ended.getCount() == 0) {
            return;
        }
        finding.notices().forEach(notices::add);
        var before = broken;
        if (finding.answered() && finding.well() && before != null && !before.lasting()) {
            EnvironmentDirectory.write(directory.handOff(), handOff.json());
            broken = null;
            notices.add("It was broken for %d s: %s."
                    .formatted(before.since().until(Moment.now()).toSeconds(), before.reason()));
            events.change(State.READY);
        } else if (!finding.well() && (before == null || (finding.lasting() && !before.lasting()))) {
            EnvironmentDirectory.delete(directory.handOff());
            broken = new Break(finding.reason(), finding.lasting(), Moment.now());
            events.warn("The environment is broken: %s.".formatted(finding.reason()));
            events.change(State.BROKEN);
        }
    }

    /** Why it is not what it was; empty while it is. */
    synchronized Optional<String> broken() {
        return Optional.ofNullable(broken).map(Break::reason);
    }

    /** {@code {reason, lasting, since}} while it is broken. */
    synchronized Optional<JsonObject> json() {
        return Optional.ofNullable(broken).map(found -> {
            var json = new JsonObject();
            json.addProperty("reason", found.reason());
            json.addProperty("lasting", found.lasting());
            json.addProperty("since", found.since().wall().toString());
            return json;
        });
    }

    /** Does not wait for a look that is under way. */
    @Override
    public void close() {
        synchronized (this) {
            ended.countDown();
        }
        thread.interrupt();
    }
}
