package dev.envctl.primary;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One thing that the API can do.
 *
 * @param path such as {@code /v1/leases/{worker}}: a name in braces takes any one part
 * @param workers whether a worker's token will do; the owner's always does
 */
record Route(String method, String path, boolean workers, Handler handler) {
    @FunctionalInterface
    interface Handler {
        void handle(Call call) throws IOException;
    }

    static Route ofOwner(String method, String path, Handler handler) {
        return new Route(method, path, false, handler);
    }

    static Route ofWorkers(String method, String path, Handler handler) {
        return new Route(method, path, true, handler);
    }

    /** What stands in the places of the names, or empty where this is another path. */
    Optional<Map<String, String>> match(String asked) {
        var ours = parts(path);
        var theirs = parts(asked);
        if (ours.size() != theirs.size()) {
            return Optional.empty();
        }
        var parameters = new LinkedHashMap<String, String>();
        for (var i = 0; i < ours.size(); i++) {
            var part = ours.get(i);
            if (part.startsWith("{")) {
                parameters.put(part.substring(1, part.length() - 1), theirs.get(i));
            } else if (!part.equals(theirs.get(i))) {
                return Optional.empty();
            }
        }
        return Optional.of(parameters);
    }

    private static List<String> parts(String path) {
        return List.of(path.split("/", -1));
    }
}
