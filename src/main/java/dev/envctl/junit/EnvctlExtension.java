package dev.envctl.junit;

import dev.envctl.worker.Lease;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** What stands behind {@link Envctl}, {@link CleanDatabase}, {@link SharedResource} and {@link Serial}. */
public final class EnvctlExtension
        implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback, ParameterResolver {
    @Override
    public void beforeAll(ExtensionContext context) {
        Locks.take(context);
        if (Cleaning.beforeClass(context)) {
            Leases.of(context).resetDatabase(context);
        }
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        Locks.take(context);
        if (Cleaning.beforeMethod(context)) {
            Leases.of(context).resetDatabase(context);
        }
    }

    @Override
    public void afterEach(ExtensionContext context) {
        Locks.giveBack(context);
    }

    @Override
    public void afterAll(ExtensionContext context) {
        Locks.giveBack(context);
    }

    /** So that a constructor gets the lease of the test that it is called for. JUnit before 5.12 does not ask. */
    @Override
    public ExtensionContextScope getTestInstantiationExtensionContextScope(ExtensionContext root) {
        return ExtensionContextScope.TEST_METHOD;
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Lease.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return Leases.of(context).lease(context);
    }
}
