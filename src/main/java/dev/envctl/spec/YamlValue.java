package dev.envctl.spec;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/** A value in a YAML file that knows where it stands. */
public final class YamlValue {
    private final Node node;
    private final @Nullable ScalarNode key;
    private final String path;

    private YamlValue(Node node, @Nullable ScalarNode key, String path) {
        this.node = node;
        this.key = key;
        this.path = path;
    }

    static YamlValue root(Node node) {
        return new YamlValue(node, null, "");
    }

    /** Where it stands in the file, such as {@code services.postgres.init[0]}; empty for the whole document. */
    public String path() {
        return path;
    }

    /** The key it stands under; empty for the whole document and for items of a list. */
    public String key() {
        return key == null ? "" : key.getValue();
    }

    /** The value of a key; empty where the key is absent or this is not a map. */
    public Optional<YamlValue> get(String name) {
        return entries().stream().filter(entry -> entry.key().equals(name)).findFirst();
    }

    /** The values of a map in file order, each with its {@link #key()}; empty where this is not a map. */
    public List<YamlValue> entries() {
        if (!(node instanceof MappingNode mapping)) {
            return List.of();
        }
        return mapping.getValue().stream()
                .map(tuple -> child(tuple.getValueNode(), (ScalarNode) tuple.getKeyNode()))
                .toList();
    }

    /** The items of a list; empty where this is not a list. */
    public List<YamlValue> items() {
        if (!(node instanceof SequenceNode sequence)) {
            return List.of();
        }
        var values = sequence.getValue();
        return IntStream.range(0, values.size())
                .mapToObj(index -> new YamlValue(values.get(index), null, path + "[" + index + "]"))
                .toList();
    }

    /** A scalar as it is written, without quotes; a failure of the program where this is a map or a list. */
    public String text() {
        return ((ScalarNode) node).getValue();
    }

    /** A scalar as a number; only for what the schema says is an integer in the range of an int. */
    public int whole() {
        // The schema takes 4.0 for an integer too.
        return new BigDecimal(text()).intValueExact();
    }

    public boolean isMap() {
        return node instanceof MappingNode;
    }

    public boolean isList() {
        return node instanceof SequenceNode;
    }

    boolean isScalar() {
        return node instanceof ScalarNode;
    }

    boolean isNothing() {
        return node.getTag().equals(Tag.NULL);
    }

    boolean isText() {
        return isScalar() && node.getTag().equals(Tag.STR);
    }

    boolean isNumber() {
        return node.getTag().equals(Tag.INT) || node.getTag().equals(Tag.FLOAT);
    }

    Node node() {
        return node;
    }

    @Nullable
    ScalarNode keyNode() {
        return key;
    }

    private YamlValue child(Node value, ScalarNode name) {
        return new YamlValue(value, name, path.isEmpty() ? name.getValue() : path + "." + name.getValue());
    }
}
