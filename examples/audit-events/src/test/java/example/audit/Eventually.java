package example.audit;

import java.time.Duration;

/** Looks again and again until something is as it should be. */
final class Eventually {
    @FunctionalInterface
    interface Assertion {
        void check() throws Exception;
    }

    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration LOOK = Duration.ofMillis(25);

    private Eventually() {}

    static void holds(Assertion assertion) throws Exception {
        var end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                assertion.check();
                return;
            } catch (AssertionError e) {
                if (System.nanoTime() > end) {
                    throw e;
                }
            }
            Thread.sleep(LOOK.toMillis());
        }
    }
}
