package dev.envctl.kubernetes;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One object of the user's own YAML.
 *
 * @param source where its document starts, as {@code file:line}
 */
public record Manifest(Map<String, Object> object, String source) {
    public ObjectReference reference() {
        return ObjectReference.of(object);
    }

    /** The same object in this namespace, if it names none itself. Only for kinds that live in a namespace. */
    Manifest in(String namespace) {
        return reference().namespace().isEmpty() ? withMetadata("namespace", namespace) : this;
    }

    /** The same object with these labels besides its own. */
    Manifest labelled(Map<String, String> labels) {
        var merged = new LinkedHashMap<String, Object>();
        Fields.of(object)
                .at("metadata", "labels")
                .object()
                .forEach((key, value) -> merged.put(String.valueOf(key), value));
        merged.putAll(labels);
        return withMetadata("labels", merged);
    }

    private Manifest withMetadata(String field, Object value) {
        var metadata = new LinkedHashMap<String, Object>();
        Fields.of(object).at("metadata").object().forEach((key, old) -> metadata.put(String.valueOf(key), old));
        metadata.put(field, value);
        var changed = new LinkedHashMap<>(object);
        changed.put("metadata", metadata);
        return new Manifest(changed, source);
    }
}
