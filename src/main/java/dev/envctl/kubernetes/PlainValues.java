package dev.envctl.kubernetes;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.nodes.Node;

/** Makes maps, lists and scalars of YAML nodes; keys become text, as in JSON. */
final class PlainValues extends SafeConstructor {
    PlainValues(LoaderOptions options) {
        super(options);
    }

    @Nullable
    Object construct(Node document) {
        return constructDocument(document);
    }

    static Map<String, Object> object(Map<?, ?> map) {
        var copy = new LinkedHashMap<String, Object>();
        map.forEach((key, value) -> copy.put(String.valueOf(key), plain(value)));
        return copy;
    }

    private static Object plain(Object value) {
        if (value instanceof Map<?, ?> map) {
            return object(map);
        }
        return value instanceof List<?> list
                ? list.stream().map(PlainValues::plain).toList()
                : value;
    }
}
