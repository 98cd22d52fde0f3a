package dev.envctl.spec;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What an environment file says, with the schema's defaults for what it does not say. */
final class Settings {
    private final Schema schema;
    private final YamlDocument document;

    Settings(Schema schema, YamlDocument document) {
        this.schema = schema;
        this.document = document;
    }

    /** What stands in the file, or was set over it; empty where only the default applies. */
    Optional<YamlValue> written(String path) {
        var here = Optional.of(document.root());
        for (var name : path.split("\\.", -1)) {
            here = here.flatMap(value -> value.get(name));
        }
        return here;
    }

    /** The value that applies; empty where it is wrong, or where a misspelt key beside it may have been meant. */
    Optional<YamlValue> value(String path) {
        var here = document.root();
        for (var name : path.split("\\.", -1)) {
            var next = here.get(name);
            if (next.isEmpty()) {
                var mayBeMeant = here.isMap() && !document.problems().isDoubtful(here);
                return mayBeMeant ? schema.key(path).flatMap(Schema.Key::defaultValue) : Optional.empty();
            }
            here = next.get();
        }
        return document.problems().isDoubtful(here) ? Optional.empty() : Optional.of(here);
    }

    Optional<Integer> whole(String path) {
        return value(path).map(YamlValue::whole);
    }

    Optional<String> text(String path) {
        return value(path).map(YamlValue::text);
    }

    List<YamlValue> items(String path) {
        return value(path).map(YamlValue::items).orElse(List.of());
    }

    boolean has(String path) {
        return written(path).isPresent();
    }

    /**
     * Notes that several values do not fit together. It is shown at the one that most likely caused it: one set from
     * outside the file, else the first that is written, else the nearest map around the first.
     */
    void reject(String message, String... paths) {
        var places = Stream.of(paths).flatMap(path -> written(path).stream()).toList();
        var place = places.stream()
                .filter(value -> !Origin.of(value.node().getStartMark()).isEmpty())
                .findFirst()
                .or(() -> places.stream().findFirst())
                .orElseGet(() -> around(paths[0]));
        document.problems().atValue(place, message);
    }

    void reject(YamlValue value, String message) {
        document.reject(value, message);
    }

    void rejectKey(YamlValue value, String message) {
        document.problems().atKey(value, message);
    }

    private YamlValue around(String path) {
        var here = document.root();
        for (var name : path.split("\\.", -1)) {
            var next = here.get(name);
            if (next.isEmpty()) {
                break;
            }
            here = next.get();
        }
        return here;
    }
}
