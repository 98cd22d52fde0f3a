package dev.envctl.runner;

import com.google.gson.JsonObject;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/** A composite action, and only so much of the language of expressions as it uses: all else fails. */
public final class CompositeAction {
    private static final Pattern EXPRESSION = Pattern.compile("\\$\\{\\{(.*?)}}");
    private static final Pattern INPUT = Pattern.compile("inputs\\.([a-z-]+)");
    private static final Pattern OUTPUT = Pattern.compile("steps\\.([a-z]+)\\.outputs\\.([a-z-]+)");
    private static final Pattern RUNNER = Pattern.compile("runner\\.(os|arch)");
    private static final Pattern EQUALS = Pattern.compile("(\\S+) == '([^']*)'");

    private final JsonObject action;
    private final Map<String, String> inputs = new HashMap<>();
    private final Map<String, Map<String, String>> outputs = new HashMap<>();

    /** @param given what a workflow says after {@code with:} */
    public CompositeAction(Path file, Map<String, String> given) {
        action = YamlFile.read(file);
        action.getAsJsonObject("inputs")
                .asMap()
                .forEach((name, input) ->
                        inputs.put(name, input.getAsJsonObject().get("default").getAsString()));
        given.forEach((name, value) -> {
            if (inputs.replace(name, value) == null) {
                throw new IllegalArgumentException("no such input: " + name);
            }
        });
        if (!action.getAsJsonObject("runs").get("using").getAsString().equals("composite")) {
            throw new IllegalArgumentException("not a composite action");
        }
    }

    /** One step, whose expressions are evaluated when it is asked for them. */
    public final class Step {
        private final JsonObject step;

        private Step(JsonObject step) {
            var unknown = new java.util.HashSet<>(step.keySet());
            unknown.removeAll(List.of("name", "id", "if", "uses", "with", "run", "shell", "env", "working-directory"));
            if (!unknown.isEmpty() || step.has("run") == step.has("uses")) {
                throw new IllegalArgumentException("not understood: " + step);
            }
            this.step = step;
        }

        public String name() {
            return text("name", "");
        }

        /** What to give to bash; empty for a step that uses another action. */
        public Optional<String> script() {
            if (step.has("run") && !text("shell", "").equals("bash")) {
                throw new IllegalArgumentException("not bash: " + step);
            }
            return Optional.of(text("run", "")).filter(script -> !script.isEmpty());
        }

        public String uses() {
            return text("uses", "");
        }

        public Map<String, String> with() {
            return evaluated("with");
        }

        public Map<String, String> env() {
            return evaluated("env");
        }

        public String workingDirectory() {
            return evaluate(text("working-directory", "."));
        }

        /** Whether its condition holds. */
        public boolean runs() {
            var condition = text("if", "'' == ''");
            return value(condition.replaceAll("^\\$\\{\\{|}}$", "").strip()).equals("true");
        }

        /** To be told once it has run. */
        public void told(Map<String, String> found) {
            outputs.put(text("id", ""), Map.copyOf(found));
        }

        private Map<String, String> evaluated(String key) {
            var found = new LinkedHashMap<String, String>();
            if (step.has(key)) {
                step.getAsJsonObject(key)
                        .asMap()
                        .forEach((name, value) -> found.put(name, evaluate(value.getAsString())));
            }
            return found;
        }

        private String text(String key, String otherwise) {
            return step.has(key) ? step.get(key).getAsString() : otherwise;
        }
    }

    public List<Step> steps() {
        return action.getAsJsonObject("runs").getAsJsonArray("steps").asList().stream()
                .map(step -> new Step(step.getAsJsonObject()))
                .toList();
    }

    /** Of the whole action. */
    public Map<String, String> outputs() {
        var found = new LinkedHashMap<String, String>();
        action.getAsJsonObject("outputs")
                .asMap()
                .forEach((name, output) -> found.put(
                        name, evaluate(output.getAsJsonObject().get("value").getAsString())));
        return found;
    }

    private String evaluate(String text) {
        return EXPRESSION
                .matcher(text)
                .replaceAll(found -> java.util.regex.Matcher.quoteReplacement(
                        value(found.group(1).strip())));
    }

    private String value(String expression) {
        var comparison = EQUALS.matcher(expression);
        if (comparison.matches()) {
            return Boolean.toString(value(comparison.group(1)).equals(comparison.group(2)));
        }
        var input = INPUT.matcher(expression);
        if (input.matches()) {
            return Objects.requireNonNull(inputs.get(input.group(1)), "no such input: " + expression);
        }
        var output = OUTPUT.matcher(expression);
        if (output.matches()) {
            return outputs.getOrDefault(output.group(1), Map.of()).getOrDefault(output.group(2), "");
        }
        if (RUNNER.matcher(expression).matches()) {
            return expression.endsWith("os") ? "Linux" : "X64";
        }
        if (expression.equals("''")) {
            return "";
        }
        throw new IllegalArgumentException("not understood: " + expression);
    }
}
