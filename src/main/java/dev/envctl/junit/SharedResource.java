package dev.envctl.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The class or test holds a named lock of the environment while it runs: against other threads, other processes and
 * {@code envctl lock}. Several are taken in the order of their names.
 */
@Documented
@Inherited
@Repeatable(SharedResource.All.class)
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
@ExtendWith(EnvctlExtension.class)
public @interface SharedResource {
    /** The name: up to 63 letters, digits, {@code .}, {@code _}, {@code -}. */
    String value();

    /** Whether others may hold it at the same time. */
    Mode mode() default Mode.READ_WRITE;

    /** How long to wait for it, such as {@code 90s}; then the test fails and names the holders. */
    String timeout() default "10m";

    /** Whether others may hold a lock at the same time. */
    enum Mode {
        /** Together with others that only read. */
        READ,
        /** Alone. */
        READ_WRITE
    }

    /** Several of them. */
    @Documented
    @Inherited
    @Retention(RetentionPolicy.RUNTIME)
    @Target({ElementType.TYPE, ElementType.METHOD})
    @ExtendWith(EnvctlExtension.class)
    @interface All {
        /** Each of them. */
        SharedResource[] value();
    }
}
