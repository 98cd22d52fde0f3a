package dev.envctl.primary;

import dev.envctl.EnvctlException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Asks for the end when the lifetime is over, notices what the clocks do, and keeps the guardian alive. */
final class LifetimeWatch {
    /** How late the end of an owner may be noticed. */
    private static final Duration EVERY = Duration.ofMillis(500);

    private final Lifetime lifetime;
    private final Lifetime.Use use;
    private final Clocks clocks;
    private Optional<Guardian> guardian;
    private final Notices notices;
    private final Consumer<String> end;
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Thread thread = new Thread(this::watch, "lifetime");

    /** @param end told why, once */
    LifetimeWatch(
            Lifetime lifetime,
            Lifetime.Use use,
            Clocks clocks,
            Optional<Guardian> guardian,
            Notices notices,
            Consumer<String> end) {
        this.lifetime = lifetime;
        this.use = use;
        this.clocks = clocks;
        this.guardian = guardian;
        this.notices = notices;
        this.end = end;
        thread.setDaemon(true);
    }

    LifetimeWatch start() {
        thread.start();
        return this;
    }

    private void watch() {
        try {
            do {
                clocks.look().ifPresent(notices::add);
                guardian.ifPresent(this::ensure);
                var over = lifetime.over(use);
                if (over.isPresent()) {
                    end.accept(over.get());
                    return;
                }
            } while (!ended.await(EVERY.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void ensure(Guardian one) {
        try {
            one.ensure();
        } catch (EnvctlException e) {
            guardian = Optional.empty();
            notices.add("Nobody will remove the environment if its primary is killed: " + e.problem());
        }
    }

    void close() {
        ended.countDown();
    }
}
