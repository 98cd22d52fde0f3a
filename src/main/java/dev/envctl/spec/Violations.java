package dev.envctl.spec;

import dev.harrel.jsonschema.Error;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Tells what a JSON Schema validator found in the words of somebody who wrote the file, once for each mistake. */
final class Violations {
    /** At one value the wrong type says more than the range or pattern that follows from it. */
    private static final List<String> TELLING = List.of("type", "enum", "const");

    private final Schema schema;
    private final YamlValue root;
    private final Problems problems;

    Violations(Schema schema, YamlValue root, Problems problems) {
        this.schema = schema;
        this.root = root;
        this.problems = problems;
    }

    void addAll(List<Error> errors) {
        var told = withoutAlternatives(errors);
        var values = new TreeMap<String, List<Error>>();
        for (var error : told) {
            if (isUnknownKey(error)) {
                unknownKey(error);
            } else if ("required".equals(error.getKeyword())) {
                missingKeys(error);
            } else if (!"allOf".equals(error.getKeyword())) {
                values.computeIfAbsent(error.getInstanceLocation(), location -> new ArrayList<>())
                        .add(error);
            }
        }
        values.forEach((location, atOnePlace) -> wrongValue(atOnePlace.stream()
                .min(Comparator.comparingInt(Violations::rank))
                .orElseThrow()));
    }

    /** Of several schemas that a value may match, only the one that was probably meant is worth talking about. */
    private static List<Error> withoutAlternatives(List<Error> errors) {
        var kept = new ArrayList<>(errors);
        var choices = errors.stream()
                .filter(error -> "anyOf".equals(error.getKeyword()) || "oneOf".equals(error.getKeyword()))
                .sorted(Comparator.comparingInt(
                        error -> error.getEvaluationPath().length()))
                .toList();
        for (var choice : choices) {
            var below = choice.getEvaluationPath() + "/";
            var branches = kept.stream()
                    .filter(error -> error.getEvaluationPath().startsWith(below))
                    .collect(Collectors.groupingBy(
                            error -> error.getEvaluationPath()
                                    .substring(below.length())
                                    .split("/", 2)[0],
                            TreeMap::new,
                            Collectors.toList()));
            var meant = meant(choice, branches);
            kept.removeIf(error -> error.getEvaluationPath().startsWith(below)
                    && !meant.map(branch -> branch.contains(error)).orElse(false));
            if (meant.isPresent()) {
                kept.remove(choice);
            }
        }
        return kept;
    }

    private static Optional<List<Error>> meant(Error choice, Map<String, List<Error>> branches) {
        return branches.values().stream()
                .filter(branch -> branch.stream()
                        .noneMatch(error -> TELLING.contains(Objects.toString(error.getKeyword()))
                                && error.getInstanceLocation().equals(choice.getInstanceLocation())))
                .min(Comparator.comparingInt(List::size));
    }

    private static int rank(Error error) {
        var rank = TELLING.indexOf(Objects.toString(error.getKeyword()));
        return rank < 0 ? TELLING.size() : rank;
    }

    private static boolean isUnknownKey(Error error) {
        return error.getKeyword() == null && error.getEvaluationPath().endsWith("/additionalProperties");
    }

    private void unknownKey(Error error) {
        var key = at(error);
        var map = Pointer.follow(root, Pointer.parent(error.getInstanceLocation()))
                .orElseThrow();
        problems.doubt(map);
        var allowed = schema.at(Pointer.parent(error.getSchemaLocation()));
        var known = allowed.get("properties").map(YamlValue::entries).orElse(List.of()).stream()
                .map(YamlValue::key)
                .toList();
        if (known.isEmpty()) {
            problems.atKey(key, "`%s` cannot be a key here".formatted(key.key()));
            return;
        }
        var hint = Suggestion.nearest(key.key(), known)
                .map(near -> ", did you mean `%s`?".formatted(near))
                .orElseGet(() -> "; known here: " + String.join(", ", known));
        problems.atKey(key, "unknown key `%s`%s".formatted(key.key(), hint));
    }

    private void missingKeys(Error error) {
        var map = at(error);
        var present = map.entries().stream().map(YamlValue::key).collect(Collectors.toCollection(LinkedHashSet::new));
        var definition = schema.at(error.getSchemaLocation());
        var known = definition.get("properties").map(YamlValue::entries).orElse(List.of()).stream()
                .map(YamlValue::key)
                .toList();
        // A misspelt key is told as such; that the right one is missing then goes without saying.
        var meant = new HashSet<String>();
        present.stream()
                .filter(name -> !known.contains(name))
                .forEach(name -> Suggestion.nearest(name, known).ifPresent(meant::add));
        definition.get("required").orElseThrow().items().stream()
                .map(YamlValue::text)
                .filter(name -> !present.contains(name) && !meant.contains(name))
                .forEach(name -> problems.atKey(firstKey(map), "missing key `%s`".formatted(path(map, name))));
    }

    /** The document and the items of a list have no key of their own to point at. */
    private static YamlValue firstKey(YamlValue map) {
        var entries = map.entries();
        return map.key().isEmpty() && !entries.isEmpty() ? entries.get(0) : map;
    }

    private static String path(YamlValue map, String name) {
        return map.path().isEmpty() ? name : map.path() + "." + name;
    }

    private void wrongValue(Error error) {
        var value = at(error);
        var expected = new Expectation(schema.at(error.getSchemaLocation()), error);
        problems.doubt(value);
        problems.atValue(value, expected.message(value));
    }

    private YamlValue at(Error error) {
        return Pointer.follow(root, error.getInstanceLocation()).orElseThrow();
    }
}
