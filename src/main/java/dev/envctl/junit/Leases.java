package dev.envctl.junit;

import dev.envctl.worker.Lease;
import dev.envctl.worker.LeaseSource;
import dev.envctl.worker.PrimaryApi;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.platform.commons.support.AnnotationSupport;

/** Gives what runs at the same time different leases of one pool. */
final class Leases {
    private static final ExtensionContext.Namespace NAMESPACE = ExtensionContext.Namespace.create(Leases.class);

    private final LeasePool pool;
    private final PrimaryApi api = new PrimaryApi();

    private Leases(LeasePool pool) {
        this.pool = pool;
    }

    /** Those of this JVM's tests: looked for when they are first needed. */
    @SuppressWarnings("deprecation") // The method that takes its place is not in JUnit 5.
    static Leases of(ExtensionContext context) {
        var pool = context.getRoot()
                .getStore(NAMESPACE)
                .getOrComputeIfAbsent(
                        LeasePool.class,
                        key -> new LeasePool(first(context), setting(context, "envctl.leases")),
                        LeasePool.class);
        return new Leases(Objects.requireNonNull(pool));
    }

    private static Lease first(ExtensionContext context) {
        var source = new LeaseSource(name -> context.getConfigurationParameter(name), System.getenv(), Path.of(""));
        var start = start(context);
        if (start.isEmpty() || source.named()) {
            return source.lease();
        }
        var preferred = source.preferring(start);
        // Where it runs already, this process becomes one more of those it stays for.
        new StartEnvironment(setting(context, "envctl.command"), Path.of("")).run(preferred.environment());
        return preferred.lease();
    }

    private static String setting(ExtensionContext context, String name) {
        return context.getConfigurationParameter(name).orElse("");
    }

    private static String start(ExtensionContext context) {
        return AnnotationSupport.findAnnotation(context.getTestClass(), Envctl.class)
                .map(Envctl::start)
                .filter(name -> !name.isEmpty())
                .or(() -> context.getParent().map(Leases::start))
                .orElse("");
    }

    /** Any lease of this JVM: enough to ask for a lock. */
    Lease any() {
        return pool.first();
    }

    Lease lease(ExtensionContext context) {
        return taken(owner(context));
    }

    void resetDatabase(ExtensionContext context) {
        api.resetDatabase(lease(context));
    }

    /** Given back when JUnit closes the context. */
    @SuppressWarnings("deprecation") // As above.
    private Lease taken(ExtensionContext owner) {
        var taken = owner.getStore(NAMESPACE)
                .getOrComputeIfAbsent(
                        owner.getUniqueId(), key -> pool.take(owner.getDisplayName()), LeasePool.Taken.class);
        return Objects.requireNonNull(taken).lease();
    }

    /** Whether it has a lease of its own. */
    static boolean isOwner(ExtensionContext context) {
        return owner(context) == context;
    }

    /** What runs after each other in one class shares a lease; what may run beside it has another. */
    private static ExtensionContext owner(ExtensionContext context) {
        var owner = context;
        while (owner.getExecutionMode() == ExecutionMode.SAME_THREAD
                && owner.getParent().flatMap(ExtensionContext::getTestClass).isPresent()) {
            owner = owner.getParent().get();
        }
        return owner;
    }
}
