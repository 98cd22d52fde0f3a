package dev.envctl.spec;

import dev.harrel.jsonschema.Error;
import dev.harrel.jsonschema.SchemaResolver;
import dev.harrel.jsonschema.Validator;
import dev.harrel.jsonschema.ValidatorFactory;
import dev.harrel.jsonschema.providers.SnakeYamlNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.yaml.snakeyaml.nodes.Node;

/** A JSON Schema of draft-07 from this jar: it checks values, and says which keys exist and what they default to. */
final class Schema {
    private final URI id;
    private final YamlValue root;
    private final SnakeYamlNode.Factory nodes;
    private final Validator validator;

    Schema(String resource) {
        id = URI.create("https://envctl.dev/" + resource);
        var source = SourceText.of(resource, text(resource));
        var problems = new Problems(source);
        var node = new Composition(problems).compose(source);
        problems.orThrow("");
        root = YamlValue.root(node.orElseThrow());
        // A Yaml instance is only used to parse text, which this class does itself; making one costs 15 ms at start-up.
        nodes = new SnakeYamlNode.Factory(null);
        // The schema itself is checked by a unit test, not at every start.
        validator = new ValidatorFactory()
                .withJsonNodeFactory(nodes)
                .withDisabledSchemaValidation(true)
                // Registering it instead would start SecureRandom for a name that is not used.
                .withSchemaResolver(uri -> uri.equals(id.toString())
                        ? SchemaResolver.Result.fromJsonNode(nodes.wrap(root.node()))
                        : SchemaResolver.Result.empty())
                .createValidator();
    }

    /** The schema as it is in the jar. */
    static String text(String resource) {
        try (var stream = Schema.class.getResourceAsStream("/" + resource)) {
            if (stream == null) {
                throw new IllegalStateException("the jar lacks " + resource);
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    List<Error> validate(Node document) {
        return validator.validate(id, nodes.wrap(document)).getErrors();
    }

    /** The part of the schema that a location such as {@code …#/definitions/port} points to. */
    YamlValue at(String location) {
        var pointer = Optional.ofNullable(URI.create(location).getFragment()).orElse("");
        return Pointer.follow(root, pointer)
                .orElseThrow(() -> new IllegalArgumentException("the schema has no " + location));
    }

    /** What the schema says of a key given by its dotted path; empty where there is no such key. */
    Optional<Key> key(String path) {
        var declared = root;
        for (var name : path.split("\\.", -1)) {
            var next = resolve(declared).get("properties").flatMap(keys -> keys.get(name));
            if (next.isEmpty()) {
                return Optional.empty();
            }
            declared = next.get();
        }
        return Optional.of(new Key(path, declared, resolve(declared)));
    }

    /** Every key that holds one scalar and can have more than one value, in the order of the schema. */
    List<Key> scalars() {
        var found = new ArrayList<Key>();
        collectScalars("", root, found);
        return found;
    }

    private void collectScalars(String path, YamlValue declared, List<Key> found) {
        var resolved = resolve(declared);
        for (var property : resolved.get("properties").map(YamlValue::entries).orElse(List.of())) {
            collectScalars(path.isEmpty() ? property.key() : path + "." + property.key(), property, found);
        }
        var type = resolved.get("type").filter(YamlValue::isText).map(YamlValue::text);
        if (type.isPresent() && !type.get().equals("object") && !type.get().equals("array")) {
            found.add(new Key(path, declared, resolved));
        }
    }

    private YamlValue resolve(YamlValue declared) {
        return declared.get("$ref").map(reference -> at(reference.text())).orElse(declared);
    }

    /**
     * @param declared what stands at the key itself, such as a default beside a reference
     * @param resolved what the reference points to; the same where there is none
     */
    record Key(String path, YamlValue declared, YamlValue resolved) {
        Optional<YamlValue> defaultValue() {
            return declared.get("default").or(() -> resolved.get("default"));
        }

        boolean isText() {
            return resolved.get("type").map(YamlValue::text).orElse("").equals("string");
        }
    }
}
