package dev.envctl.junit;

import dev.envctl.junit.CleanDatabase.When;
import java.util.Optional;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/** When a lease is made as new. */
final class Cleaning {
    private Cleaning() {}

    static boolean beforeClass(ExtensionContext context) {
        return AnnotationSupport.findAnnotation(context.getElement(), CleanDatabase.class)
                .filter(found -> found.value() == When.PER_CLASS)
                .isPresent();
    }

    static boolean beforeMethod(ExtensionContext context) {
        if (AnnotationSupport.isAnnotated(context.getTestMethod(), CleanDatabase.class)) {
            return true;
        }
        return ofClass(context)
                .filter(found -> found.value() == When.PER_METHOD || Leases.isOwner(context))
                .isPresent();
    }

    /** Of the test's class, or the nearest around it. */
    private static Optional<CleanDatabase> ofClass(ExtensionContext context) {
        var here = AnnotationSupport.findAnnotation(context.getTestClass(), CleanDatabase.class);
        return here.isPresent() ? here : context.getParent().flatMap(Cleaning::ofClass);
    }
}
