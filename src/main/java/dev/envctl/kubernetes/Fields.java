package dev.envctl.kubernetes;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads nested fields of an object; what is absent or of another type reads as empty. */
record Fields(Map<?, ?> object) {
    static Fields of(@Nullable Object object) {
        return new Fields(object instanceof Map<?, ?> map ? map : Map.of());
    }

    private @Nullable Object value(String... path) {
        Object current = object;
        for (var name : path) {
            current = current instanceof Map<?, ?> map ? map.get(name) : null;
        }
        return current;
    }

    boolean has(String... path) {
        return value(path) != null;
    }

    Fields at(String... path) {
        return of(value(path));
    }

    String text(String... path) {
        var value = value(path);
        return value instanceof Map || value instanceof List || value == null ? "" : value.toString();
    }

    long number(String... path) {
        return value(path) instanceof Number number ? number.longValue() : 0;
    }

    boolean isTrue(String... path) {
        return Boolean.TRUE.equals(value(path));
    }

    List<Fields> list(String... path) {
        return value(path) instanceof List<?> list
                ? list.stream().map(Fields::of).toList()
                : List.of();
    }

    /** The items of a list as text. */
    List<String> texts(String... path) {
        return value(path) instanceof List<?> list
                ? list.stream().map(String::valueOf).toList()
                : List.of();
    }

    /** One of {@code status.conditions} by its type. */
    Optional<Fields> condition(String type) {
        return list("status", "conditions").stream()
                .filter(condition -> condition.text("type").equals(type))
                .findFirst();
    }

    boolean conditionIsTrue(String type) {
        return condition(type)
                .filter(found -> found.text("status").equals("True"))
                .isPresent();
    }
}
