package example.audit;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.junit.jupiter.api.extension.TestInstanceFactoryContext;
import org.junit.jupiter.api.extension.TestInstancePreConstructCallback;

/**
 * Writes down for {@code scripts/proof} where the time goes. A line for each test: the process, milliseconds in all,
 * milliseconds that the test's thread has slept or waited for another, microseconds of other extensions, the class.
 *
 * <p>JUnit calls an extension that it finds by itself before those that annotations name. So what passes between its call here
 * and that of the first method of the test is envctl's: the look for the lease, its taking, its reset if there is one.
 * Not counted is for how long the thread could have run but another, mostly of another test process, had the core; whatever else it
 * waits for is.
 */
public final class Stopwatch
        implements BeforeAllCallback,
                TestInstancePreConstructCallback,
                BeforeEachCallback,
                InvocationInterceptor,
                AfterEachCallback {
    private static final String FILE = System.getProperty("stopwatch", "");
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    /** Tests of a process run one after the other: that of the class comes first, then those of its tests. */
    private static final Span ALL = new Span(System::nanoTime);

    private static final Span OTHERS = new Span(() -> System.nanoTime() - queued());
    private static long waited;

    @Override
    public void beforeAll(ExtensionContext context) {
        THREADS.setThreadContentionMonitoringEnabled(true);
        OTHERS.begin();
    }

    @Override
    public void preConstructTestInstance(TestInstanceFactoryContext factory, ExtensionContext context) {
        OTHERS.end();
        ALL.begin();
        waited = waited();
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        OTHERS.begin();
    }

    @Override
    public void interceptBeforeEachMethod(
            Invocation<Void> invocation, ReflectiveInvocationContext<Method> method, ExtensionContext context)
            throws Throwable {
        OTHERS.end();
        invocation.proceed();
    }

    @Override
    public void interceptAfterEachMethod(
            Invocation<Void> invocation, ReflectiveInvocationContext<Method> method, ExtensionContext context)
            throws Throwable {
        try {
            invocation.proceed();
        } finally {
            OTHERS.begin();
        }
    }

    @Override
    public void afterEach(ExtensionContext context) throws IOException {
        OTHERS.end();
        ALL.end();
        if (FILE.isEmpty()) {
            return;
        }
        var file = Path.of(FILE);
        Files.createDirectories(file.getParent());
        var line = "%d\t%d\t%d\t%d\t%s%n"
                .formatted(
                        ProcessHandle.current().pid(),
                        ALL.take() / 1_000_000,
                        waited() - waited,
                        OTHERS.take() / 1_000,
                        context.getRequiredTestClass().getName());
        Files.writeString(file, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private static long waited() {
        return THREADS.getThreadInfo(Thread.currentThread().getId()).getWaitedTime();
    }

    /** For how many nanoseconds this thread has waited for a core, as Linux counts it; 0 where nobody does. */
    private static long queued() {
        try {
            return Long.parseLong(
                    Files.readString(Path.of("/proc/thread-self/schedstat")).split(" ")[1]);
        } catch (IOException | RuntimeException e) {
            return 0;
        }
    }

    /** Nanoseconds of a clock, of one or more pieces. */
    private static final class Span {
        private final LongSupplier clock;
        private long sum;
        private long begun;
        private boolean running;

        private Span(LongSupplier clock) {
            this.clock = clock;
        }

        private void begin() {
            begun = clock.getAsLong();
            running = true;
        }

        private void end() {
            if (running) {
                sum += clock.getAsLong() - begun;
                running = false;
            }
        }

        private long take() {
            var taken = sum;
            sum = 0;
            return taken;
        }
    }
}
