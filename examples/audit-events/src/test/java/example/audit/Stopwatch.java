package example.audit;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
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
 * milliseconds that the test's thread has slept or waited for another, microseconds of other extensions, how many of these they
 * had a processor, the class.
 *
 * <p>JUnit calls an extension that it finds by itself before those that annotations name. So what passes between its call here
 * and that of the first method of the test is envctl's: the look for the lease, its taking, its reset if there is one.
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
    private static final Span ALL = new Span();

    private static final Span OTHERS = new Span();
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
        var line = "%d\t%d\t%d\t%d\t%d\t%s%n"
                .formatted(
                        ProcessHandle.current().pid(),
                        ALL.take() / 1_000_000,
                        waited() - waited,
                        OTHERS.take() / 1_000,
                        OTHERS.takeProcessor() / 1_000,
                        context.getRequiredTestClass().getName());
        Files.writeString(file, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private static long waited() {
        return THREADS.getThreadInfo(Thread.currentThread().getId()).getWaitedTime();
    }

    /** Nanoseconds, of one or more pieces. */
    private static final class Span {
        private long sum;
        private long begun;
        private long processorSum;
        private long processorBegun;
        private boolean running;

        private void begin() {
            begun = System.nanoTime();
            processorBegun = THREADS.getCurrentThreadCpuTime();
            running = true;
        }

        private void end() {
            if (running) {
                sum += System.nanoTime() - begun;
                processorSum += THREADS.getCurrentThreadCpuTime() - processorBegun;
                running = false;
            }
        }

        private long take() {
            var taken = sum;
            sum = 0;
            return taken;
        }

        private long takeProcessor() {
            var taken = processorSum;
            processorSum = 0;
            return taken;
        }
    }
}
