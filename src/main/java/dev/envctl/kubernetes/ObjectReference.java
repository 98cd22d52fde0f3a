package dev.envctl.kubernetes;

import java.util.Map;

/**
 * Which object.
 *
 * @param apiVersion such as {@code v1} or {@code apps/v1}
 * @param namespace empty for objects that live in none
 */
public record ObjectReference(String apiVersion, String kind, String namespace, String name) {
    public static ObjectReference pod(String namespace, String name) {
        return new ObjectReference("v1", "Pod", namespace, name);
    }

    public static ObjectReference deployment(String namespace, String name) {
        return new ObjectReference("apps/v1", "Deployment", namespace, name);
    }

    public static ObjectReference namespace(String name) {
        return new ObjectReference("v1", "Namespace", "", name);
    }

    public static ObjectReference of(Map<String, Object> object) {
        var fields = Fields.of(object);
        return new ObjectReference(
                fields.text("apiVersion"),
                fields.text("kind"),
                fields.text("metadata", "namespace"),
                fields.text("metadata", "name"));
    }

    /** Such as {@code deployment/postgres in namespace envctl}. */
    @Override
    public String toString() {
        var shortName = kind.toLowerCase(java.util.Locale.ROOT) + "/" + name;
        return namespace.isEmpty() ? shortName : shortName + " in namespace " + namespace;
    }
}
