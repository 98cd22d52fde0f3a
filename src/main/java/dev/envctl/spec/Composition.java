package dev.envctl.spec;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Optional;
import java.util.Set;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.composer.Composer;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeId;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.ReaderException;
import org.yaml.snakeyaml.reader.StreamReader;
import org.yaml.snakeyaml.resolver.Resolver;

/**
 * Turns YAML text into a tree of maps with distinct plain keys, lists and scalars: no tags, aliases resolved into copies
 * of their own so that one can be changed without the other.
 */
final class Composition {
    private static final int MOST_VALUES = 20_000;

    private final Problems problems;
    private final Resolver resolver = new PlainScalars();
    private final Set<Node> enclosing = Collections.newSetFromMap(new IdentityHashMap<>());
    private int values;

    Composition(Problems problems) {
        this.problems = problems;
    }

    /** The tree; empty where the text is no YAML at all, with the reason among the problems. */
    Optional<Node> compose(SourceText source) {
        var options = new LoaderOptions();
        // Nothing is ever constructed from a tag; copy() refuses it in its place.
        options.setTagInspector(tag -> true);
        try {
            var parser = new ParserImpl(new StreamReader(source.text()), options);
            var node = new Composer(parser, resolver, options).getSingleNode();
            if (node == null) {
                problems.at(start(), 1, "the file is empty");
                return Optional.empty();
            }
            return Optional.of(copy(node));
        } catch (MarkedYAMLException e) {
            new SyntaxProblem(e, source).addTo(problems);
        } catch (ReaderException e) {
            var before = SourceText.of("", source.text().substring(0, e.getPosition()));
            var line = before.lines().size() - 1;
            problems.at(
                    mark(line, before.line(line).length()),
                    1,
                    "the character U+%04X is not allowed in YAML".formatted(e.getCodePoint()));
        } catch (YAMLException e) {
            problems.at(start(), 1, "this is not valid YAML: " + e.getMessage());
        } catch (TooLarge e) {
            problems.at(start(), 1, "the file holds more than %d values".formatted(MOST_VALUES));
        }
        return Optional.empty();
    }

    private Node copy(Node node) {
        values++;
        if (values > MOST_VALUES) {
            throw new TooLarge();
        }
        if (!enclosing.add(node)) {
            problems.spoilt(node, "this refers to itself");
            return nothing(node);
        }
        try {
            if (node instanceof MappingNode mapping) {
                refuseTag(node, Tag.MAP);
                return copy(mapping);
            }
            if (node instanceof SequenceNode sequence) {
                refuseTag(node, Tag.SEQ);
                var items = sequence.getValue().stream().map(this::copy).toList();
                return new SequenceNode(
                        Tag.SEQ, true, items, node.getStartMark(), node.getEndMark(), sequence.getFlowStyle());
            }
            return copy((ScalarNode) node);
        } finally {
            enclosing.remove(node);
        }
    }

    private Node copy(MappingNode mapping) {
        var tuples = new ArrayList<NodeTuple>();
        var first = new HashMap<String, Node>();
        for (var tuple : mapping.getValue()) {
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                problems.at(tuple.getKeyNode(), "a key must be plain text");
                continue;
            }
            var earlier = first.putIfAbsent(key.getValue(), key);
            if (earlier != null) {
                var line = earlier.getStartMark().getLine() + 1;
                problems.at(key, "duplicate key `%s`, first given in line %d".formatted(key.getValue(), line));
                continue;
            }
            tuples.add(new NodeTuple(copy(key), copy(tuple.getValueNode())));
        }
        return new MappingNode(
                Tag.MAP, true, tuples, mapping.getStartMark(), mapping.getEndMark(), mapping.getFlowStyle());
    }

    private ScalarNode copy(ScalarNode scalar) {
        var tag = resolver.resolve(NodeId.scalar, scalar.getValue(), scalar.isPlain());
        refuseTag(scalar, tag);
        return new ScalarNode(
                tag, scalar.getValue(), scalar.getStartMark(), scalar.getEndMark(), scalar.getScalarStyle());
    }

    /** A tag that is not the one the value has anyway was written by hand. */
    private void refuseTag(Node node, Tag natural) {
        if (!node.getTag().equals(natural)) {
            var tag = node.getTag().getValue().replace(Tag.PREFIX, "!!");
            problems.spoilt(node, "tags such as `%s` are not supported; quote a value to make it text".formatted(tag));
        }
    }

    private static ScalarNode nothing(Node at) {
        return new ScalarNode(Tag.NULL, "", at.getStartMark(), at.getStartMark(), ScalarStyle.PLAIN);
    }

    private static Mark start() {
        return mark(0, 0);
    }

    private static Mark mark(int line, int column) {
        return new Mark("", 0, line, column, new int[0], 0);
    }

    /** Aliases of aliases can make a small file huge. */
    private static final class TooLarge extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }
}
