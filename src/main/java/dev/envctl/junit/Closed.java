package dev.envctl.junit;

import org.junit.jupiter.api.extension.ExtensionContext;

/** What JUnit closes together with the context whose store it is in: up to 5.12 by the first interface, later by the other. */
@SuppressWarnings("deprecation")
abstract class Closed implements ExtensionContext.Store.CloseableResource, AutoCloseable {
    @Override
    public abstract void close();
}
