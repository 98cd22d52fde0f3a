package dev.envctl.spec;

import java.nio.file.Path;
import java.util.function.BiConsumer;
import org.yaml.snakeyaml.nodes.Node;

/**
 * Reads YAML files against a JSON Schema and tells every mistake at once, each with its place in the file, the line, a
 * caret and what was probably meant. Plain scalars are read as YAML 1.2 reads them; duplicate keys, tags and further
 * documents are mistakes.
 */
public final class StrictYaml {
    private final Schema schema;
    private final String remedy;

    /**
     * @param schemaResource a draft-07 schema in this jar, such as {@code dev/envctl/schema/environment.schema.json}
     * @param remedy what the user can do about mistakes, one line
     */
    public StrictYaml(String schemaResource, String remedy) {
        this(new Schema(schemaResource), remedy);
    }

    StrictYaml(Schema schema, String remedy) {
        this.schema = schema;
        this.remedy = remedy;
    }

    /**
     * Reads a file that keeps to the schema.
     *
     * @param shownAs how messages name the file, best a path relative to where the user stands
     * @throws dev.envctl.EnvctlException USAGE with every mistake, or if the file cannot be read
     */
    public YamlDocument read(Path file, String shownAs) {
        var document = open(SourceText.read(file, shownAs), (root, problems) -> {});
        document.orThrow();
        return document;
    }

    /**
     * Reads a file whose mistakes are told later, together with others; only what is no YAML at all fails at once.
     *
     * @param edit changes the tree before it is checked
     */
    YamlDocument open(SourceText source, BiConsumer<Node, Problems> edit) {
        var problems = new Problems(source);
        var composed = new Composition(problems).compose(source);
        if (composed.isEmpty()) {
            problems.orThrow(remedy);
        }
        var node = composed.orElseThrow();
        edit.accept(node, problems);
        var root = YamlValue.root(node);
        var errors = schema.validate(node);
        if (!errors.isEmpty()) {
            new Violations(schema, root, problems).addAll(errors);
        }
        return new YamlDocument(root, problems, remedy);
    }
}
