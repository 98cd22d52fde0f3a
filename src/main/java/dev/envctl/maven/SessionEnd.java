package dev.envctl.maven;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import org.apache.maven.execution.ExecutionListener;
import org.apache.maven.execution.MavenExecutionRequest;
import org.jspecify.annotations.Nullable;

/**
 * Learns of a build's end, however it ends as long as Maven lives: also where a failure leaves out post-integration-test, and
 * in a daemon. Stands in front of the session's listener, because a plugin can do that without being an extension.
 *
 * <p>A proxy, so that it passes on what later versions of Maven add.
 */
final class SessionEnd implements InvocationHandler {
    private final @Nullable ExecutionListener next;
    private final Runnable action;

    private SessionEnd(@Nullable ExecutionListener next, Runnable action) {
        this.next = next;
        this.action = action;
    }

    /** Calls back once, before Maven sums up. */
    static void call(MavenExecutionRequest request, Runnable action) {
        request.setExecutionListener((ExecutionListener) Proxy.newProxyInstance(
                ExecutionListener.class.getClassLoader(),
                new Class<?>[] {ExecutionListener.class},
                new SessionEnd(request.getExecutionListener(), action)));
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
        if (method.getName().equals("sessionEnded")) {
            action.run();
        }
        try {
            if (method.getDeclaringClass() == Object.class) {
                return method.getName().equals("equals") ? proxy == arguments[0] : method.invoke(this, arguments);
            }
            return next == null ? null : method.invoke(next, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause() == null ? e : e.getCause();
        }
    }
}
