package dev.envctl.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Tests of this class may have a parameter of type {@link dev.envctl.worker.Lease}: constructor, test and lifecycle methods.
 *
 * <p>What runs at the same time in one JVM has different leases: a class with methods that run one after the other has one, and
 * each method of its own where methods run concurrently. {@link dev.envctl.worker.LeaseSource} says where the first one comes
 * from. Further ones are those that the setting {@code envctl.leases} names (such as {@code 1-4}, where no other process uses
 * these), and then are acquired on demand; they return at the end.
 *
 * <p>Settings are JUnit's configuration parameters, and so system properties or lines of junit-platform.properties.
 */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@ExtendWith(EnvctlExtension.class)
public @interface Envctl {
    /**
     * The environment to start where there is none, such as {@code e2e}; it goes when the last test process that asked for it is
     * gone. Empty: none is started, and tests fail with what was looked for.
     *
     * <p>It is started with the program that the setting {@code envctl.command} names, else with {@code envctl} in the current
     * folder or above it, else on the search path.
     */
    String start() default "";
}
