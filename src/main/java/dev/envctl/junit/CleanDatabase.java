package dev.envctl.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The lease's database is a fresh copy of what {@code init} made, before each test or each class. Credentials stay; open
 * connections are ended. Redis and the namespace stay as they are: {@link dev.envctl.worker.PrimaryApi#reset} empties them too.
 */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
@ExtendWith(EnvctlExtension.class)
public @interface CleanDatabase {
    /** How often; on a method always before it. */
    When value() default When.PER_METHOD;

    /** How often. */
    enum When {
        /** Before the class, and before each method that has a lease of its own. */
        PER_CLASS,
        /** Before each test method. */
        PER_METHOD
    }
}
