package dev.envctl.junit;

import dev.envctl.junit.SharedResource.Mode;
import dev.envctl.worker.HeldLock;
import dev.envctl.worker.LeaseException;
import dev.envctl.worker.PrimaryApi;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/** Holds the named locks of a class or a test while it runs. */
final class Locks {
    private static final ExtensionContext.Namespace NAMESPACE = ExtensionContext.Namespace.create(Locks.class);

    /** As in {@link Serial}. */
    private static final String SERIAL = "serial";

    private Locks() {}

    /**
     * That of {@link Serial} first, then in the order of their names, so that two tests that want the same ones do not wait for
     * each other; also where a class is serial and its methods want resources, whose locks come after those of the class.
     */
    static void take(ExtensionContext context) {
        var wanted = AnnotationSupport.findRepeatableAnnotations(context.getElement(), SharedResource.class).stream()
                .sorted(Comparator.comparing(
                                (SharedResource resource) -> !resource.value().equals(SERIAL))
                        .thenComparing(SharedResource::value))
                .toList();
        for (var resource : wanted) {
            if (!isHeld(context, resource)) {
                var taken = new PrimaryApi()
                        .lock(
                                Leases.of(context).any(),
                                resource.value(),
                                resource.mode() == Mode.READ,
                                resource.timeout(),
                                holder(context));
                remember(context, resource.value(), taken);
            }
        }
    }

    /** By the class around it, or by the same name twice. */
    private static boolean isHeld(ExtensionContext context, SharedResource wanted) {
        var held = context.getStore(NAMESPACE).get(wanted.value(), Held.class);
        if (held == null) {
            return false;
        }
        if (held.lock().isShared() && wanted.mode() == Mode.READ_WRITE) {
            throw new LeaseException(
                    "%s wants %s alone, but what is around it holds it together with others: mark that READ_WRITE too."
                            .formatted(context.getDisplayName(), wanted.value()));
        }
        return true;
    }

    private static void remember(ExtensionContext context, String name, HeldLock taken) {
        var store = context.getStore(NAMESPACE);
        var held = new Held(taken);
        store.put(name, held);
        var own = own(context);
        own.push(held);
        store.put(context.getUniqueId(), own);
    }

    /** @throws LeaseException if one was lost on the way: another holder may have begun */
    static void giveBack(ExtensionContext context) {
        var own = own(context);
        own.forEach(Held::close);
        own.stream()
                .flatMap(held -> held.lock().lost().stream()
                        .map(reason -> "%s was lost while %s ran: %s. Another may have begun meanwhile."
                                .formatted(held.lock(), context.getDisplayName(), reason)))
                .findFirst()
                .ifPresent(problem -> {
                    throw new LeaseException(problem);
                });
    }

    @SuppressWarnings("unchecked")
    private static Deque<Held> own(ExtensionContext context) {
        var own = context.getStore(NAMESPACE).get(context.getUniqueId(), Deque.class);
        return own == null ? new ArrayDeque<>() : own;
    }

    private static String holder(ExtensionContext context) {
        return String.join(
                ".",
                List.of(
                        context.getTestClass().map(Class::getSimpleName).orElse("?"),
                        context.getTestMethod()
                                .map(java.lang.reflect.Method::getName)
                                .orElse("*")));
    }

    /** Closed by JUnit too, where a failure in between leaves out what comes after the test. */
    private static final class Held extends Closed {
        private final HeldLock lock;

        Held(HeldLock lock) {
            this.lock = lock;
        }

        HeldLock lock() {
            return lock;
        }

        @Override
        public void close() {
            lock.close();
        }
    }
}
