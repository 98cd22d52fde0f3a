package dev.envctl.spec;

import dev.harrel.jsonschema.Error;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What the schema wants of one value that is not so, in words. */
final class Expectation {
    private static final Set<String> EXPRESSED =
            Set.of("type", "enum", "const", "minimum", "maximum", "pattern", "minLength");
    private static final int LONGEST_QUOTE = 60;

    private final YamlValue schema;
    private final Error error;

    Expectation(YamlValue schema, Error error) {
        this.schema = schema;
        this.error = error;
    }

    String message(YamlValue value) {
        if (!EXPRESSED.contains(Objects.toString(error.getKeyword()))) {
            return error.getError();
        }
        return "%s, but found %s%s"
                .formatted(
                        expected(),
                        found(value),
                        hint(value).map(hint -> ", did you mean " + hint + "?").orElse(""));
    }

    private String expected() {
        return schema.get("patternErrorMessage").map(YamlValue::text).orElseGet(() -> "expected " + choices());
    }

    private String choices() {
        var constant = schema.get("const");
        if (constant.isPresent()) {
            return "`" + constant.get().text() + "`";
        }
        var values = values();
        if (!values.isEmpty()) {
            return orList(values.stream().map(value -> "`" + value + "`").toList());
        }
        return orList(types().stream().map(this::name).distinct().toList());
    }

    private String name(String type) {
        return switch (type) {
            case "integer" -> "a whole number" + range();
            case "number" -> "a number" + range();
            case "boolean" -> "true or false";
            case "array" -> "a list";
            case "object" -> "a map";
            case "string" -> "text";
            default -> type;
        };
    }

    private String range() {
        var least = schema.get("minimum").map(YamlValue::text);
        var most = schema.get("maximum").map(YamlValue::text);
        if (least.isPresent() && most.isPresent()) {
            return " from " + least.get() + " to " + most.get();
        }
        return least.map(number -> " of at least " + number).orElse("")
                + most.map(number -> " of at most " + number).orElse("");
    }

    private static String found(YamlValue value) {
        if (value.isMap()) {
            return "a map";
        }
        if (value.isList()) {
            return "a list";
        }
        if (value.isNothing()) {
            return "nothing";
        }
        var text = value.text().replaceAll("\\s+", " ");
        var shown = text.length() > LONGEST_QUOTE ? text.substring(0, LONGEST_QUOTE) + "…" : text;
        if (value.isNumber()) {
            return "the number " + shown;
        }
        return value.isText() ? "\"" + shown + "\"" : shown;
    }

    private Optional<String> hint(YamlValue value) {
        if (value.isNothing() && !value.key().isEmpty()) {
            return emptyValue().map(empty -> "`" + value.key() + ": " + empty + "`");
        }
        if (!value.isScalar()) {
            return Optional.empty();
        }
        var text = value.text();
        if (types().contains("array") && !types().contains("string")) {
            return Optional.of("`[" + text + "]`").filter(list -> value.isText() && !text.contains("\n"));
        }
        if (!values().isEmpty()) {
            return Suggestion.nearest(text, values()).map(near -> "`" + near + "`");
        }
        if (value.isText()) {
            return types().contains("integer") && text.matches("[1-9][0-9]{0,8}")
                    ? Optional.of("`" + text + "` without quotes")
                    : withUnit(text);
        }
        return withUnit(text).or(() -> quoted(text));
    }

    private Optional<String> emptyValue() {
        if (types().contains("object")) {
            return Optional.of("{}");
        }
        return types().contains("array") ? Optional.of("[]") : Optional.empty();
    }

    private Optional<String> quoted(String text) {
        return Optional.of("\"" + text + "\"").filter(hint -> types().contains("string") && matchesPattern(text));
    }

    /** For {@code 90} or {@code 512MB}: the same number with the unit that was probably meant. */
    private Optional<String> withUnit(String text) {
        var units = schema.get("x-units").map(YamlValue::items).orElse(List.of()).stream()
                .map(YamlValue::text)
                .toList();
        if (units.isEmpty() || !text.matches("[0-9]{1,6} ?[A-Za-z]*")) {
            return Optional.empty();
        }
        var number = text.replaceAll("[^0-9]", "");
        var unit = text.substring(number.length()).trim().toLowerCase(Locale.ROOT);
        return units.stream()
                .filter(candidate ->
                        unit.isEmpty() || candidate.toLowerCase(Locale.ROOT).startsWith(unit.substring(0, 1)))
                .map(candidate -> number + candidate)
                .filter(this::matchesPattern)
                .findFirst()
                .map(meant -> "\"" + meant + "\"");
    }

    private boolean matchesPattern(String text) {
        return schema.get("pattern")
                .map(pattern -> Pattern.compile(pattern.text()).matcher(text).find())
                .orElse(true);
    }

    private List<String> types() {
        var type = schema.get("type");
        if (type.isEmpty()) {
            return List.of();
        }
        return type.get().isList()
                ? type.get().items().stream().map(YamlValue::text).toList()
                : List.of(type.get().text());
    }

    private List<String> values() {
        return schema.get("enum").map(YamlValue::items).orElse(List.of()).stream()
                .map(YamlValue::text)
                .toList();
    }

    private static String orList(List<String> words) {
        if (words.size() < 2) {
            return String.join("", words);
        }
        return words.subList(0, words.size() - 1).stream().collect(Collectors.joining(", "))
                + " or "
                + words.get(words.size() - 1);
    }
}
