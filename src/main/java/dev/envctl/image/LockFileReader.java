package dev.envctl.image;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.spec.Suggestion;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** Reads a lock file strictly: unknown, repeated and missing keys are errors that name the line. */
final class LockFileReader {
    private static final Set<String> ENTRY_KEYS =
            Set.of("name", "repository", "tag", "digest", "platforms", "build", "recipe");

    private final String source;
    private final boolean recipes;

    /**
     * @param source what messages call the file
     * @param recipes whether entries may carry the hash of a recipe, as in the lock file of a machine
     */
    LockFileReader(String source, boolean recipes) {
        this.source = source;
        this.recipes = recipes;
    }

    List<LockEntry> read(String text) {
        var root = mapping(compose(text), Set.of("images"));
        var images = root.get("images");
        if (!(images instanceof SequenceNode sequence)) {
            throw wrong(images, "`images` must be a list of images");
        }
        var entries = new ArrayList<LockEntry>();
        var names = new HashSet<String>();
        for (var node : sequence.getValue()) {
            var entry = entry(node);
            if (!names.add(entry.image().name() + " " + entry.recipe())) {
                throw wrong(
                        node,
                        "the image `%s` is there twice".formatted(entry.image().name()));
            }
            entries.add(entry);
        }
        return List.copyOf(entries);
    }

    private @Nullable Node compose(String text) {
        try {
            return new Yaml(new SafeConstructor(new LoaderOptions())).compose(new StringReader(text));
        } catch (MarkedYAMLException e) {
            var mark = e.getProblemMark();
            throw failure(
                    mark == null ? source : "%s:%d:%d".formatted(source, mark.getLine() + 1, mark.getColumn() + 1),
                    e.getProblem(),
                    e);
        }
    }

    private LockEntry entry(Node node) {
        var fields = mapping(node, ENTRY_KEYS);
        if (fields.containsKey("recipe") && !recipes) {
            throw wrong(
                    fields.get("recipe"), "`recipe` belongs in the lock file of a machine, never in a committed one");
        }
        try {
            var image = new PinnedImage(
                    required(fields, "name", node),
                    required(fields, "repository", node),
                    required(fields, "tag", node),
                    new Digest(required(fields, "digest", node)),
                    platforms(fields.get("platforms")),
                    optional(fields, "build"));
            return new LockEntry(image, optional(fields, "recipe"));
        } catch (IllegalArgumentException e) {
            throw wrong(node, String.valueOf(e.getMessage()));
        }
    }

    private Map<Platform, PlatformImage> platforms(@Nullable Node node) {
        var platforms = new LinkedHashMap<Platform, PlatformImage>();
        if (node == null) {
            return platforms;
        }
        mapping(node, Set.of()).forEach((platform, content) -> {
            var fields = mapping(content, Set.of("digest", "size"));
            var digest = new Digest(required(fields, "digest", content));
            platforms.put(Platform.parse(platform), new PlatformImage(digest, size(fields, content)));
        });
        return platforms;
    }

    private long size(Map<String, Node> fields, Node node) {
        var size = required(fields, "size", node);
        try {
            return Long.parseLong(size);
        } catch (NumberFormatException e) {
            throw wrong(fields.get("size"), "`size: %s` is no number of bytes".formatted(size));
        }
    }

    /** @param known the keys that may occur; empty for any */
    private Map<String, Node> mapping(@Nullable Node node, Set<String> known) {
        if (!(node instanceof MappingNode mapping)) {
            throw wrong(node, "keys and values are expected here");
        }
        var fields = new LinkedHashMap<String, Node>();
        for (var pair : mapping.getValue()) {
            var key = scalar(pair.getKeyNode());
            if (!known.isEmpty() && !known.contains(key)) {
                var meant = Suggestion.nearest(key, known).map(": did you mean `%s`?"::formatted);
                throw wrong(pair.getKeyNode(), "unknown key `%s`%s".formatted(key, meant.orElse("")));
            }
            if (fields.put(key, pair.getValueNode()) != null) {
                throw wrong(pair.getKeyNode(), "the key `%s` is there twice".formatted(key));
            }
        }
        return fields;
    }

    private String required(Map<String, Node> fields, String key, Node parent) {
        var value = optional(fields, key);
        if (value == null) {
            throw wrong(parent, "`%s` is missing".formatted(key));
        }
        return value;
    }

    private @Nullable String optional(Map<String, Node> fields, String key) {
        var node = fields.get(key);
        return node == null ? null : scalar(node);
    }

    private String scalar(Node node) {
        if (node instanceof ScalarNode scalar) {
            return scalar.getValue();
        }
        throw wrong(node, "a single value is expected here");
    }

    private EnvctlException wrong(@Nullable Node node, String problem) {
        var mark = node == null ? null : node.getStartMark();
        var place = mark == null ? source : "%s:%d:%d".formatted(source, mark.getLine() + 1, mark.getColumn() + 1);
        return failure(place, problem, null);
    }

    private EnvctlException failure(String place, String problem, @Nullable Throwable cause) {
        var remedy = recipes
                ? "Delete the file and run `envctl setup`, which writes it again."
                : "Mend the line, or take the file from version control and run `envctl images lock`.";
        return new EnvctlException(FailureKind.USAGE, "%s: %s.".formatted(place, problem), remedy, cause);
    }
}
