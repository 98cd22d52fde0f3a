package dev.envctl.spec;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.yaml.snakeyaml.DumperOptions.FlowStyle;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeId;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * Values set outside the file: flags win over {@code ENVCTL_*} variables, and these over the file.
 *
 * <p>Every scalar of the file has a variable, such as {@code ENVCTL_WORKERS_COUNT} for {@code workers.count} and
 * {@code ENVCTL_SERVICES_POSTGRES_MAX_CONNECTIONS} for {@code services.postgres.maxConnections}. An empty variable is
 * as good as none. A variable never adds a service that the file does not have.
 */
public final class Overrides {
    private static final String PREFIX = "ENVCTL_";
    private static final String SERVICES = "services.";
    /** The file's own name says who it is; a variable cannot make it another environment. */
    private static final String NAME = "metadata.name";

    private final Map<String, String> variables;
    private final List<Flag> flags;

    private Overrides(Map<String, String> variables, List<Flag> flags) {
        this.variables = variables;
        this.flags = List.copyOf(flags);
    }

    public static Overrides none() {
        return from(Map.of());
    }

    /**
     * Takes the variables that set something.
     *
     * @param environment all environment variables, as {@code System.getenv()} gives them
     */
    public static Overrides from(Map<String, String> environment) {
        var ours = new TreeMap<String, String>();
        environment.forEach((name, value) -> {
            if (name.startsWith(PREFIX) && !value.isEmpty()) {
                ours.put(name, value);
            }
        });
        return new Overrides(ours, List.of());
    }

    /**
     * Adds a flag; the last one for a path wins.
     *
     * @param path such as {@code timeouts.total}
     * @param origin how messages name the flag, such as {@code --timeout}
     */
    public Overrides with(String path, String value, String origin) {
        var more = new ArrayList<>(flags);
        more.removeIf(flag -> flag.path().equals(path));
        more.add(new Flag(path, value, origin));
        return new Overrides(variables, more);
    }

    /** All of them as one text, which is the same only for the same overrides. */
    String text() {
        return variables + "\0" + flags;
    }

    /** Puts the values into the tree, where the schema checks them like what the file says. */
    void apply(Node root, Schema schema, Problems problems) {
        if (variables.isEmpty() && flags.isEmpty()) {
            return;
        }
        var keys = new TreeMap<String, Schema.Key>();
        schema.scalars().stream()
                .filter(key -> !key.path().equals(NAME))
                .forEach(key -> keys.put(variable(key.path()), key));
        variables.forEach((name, value) -> {
            var key = keys.get(name);
            if (key == null) {
                misspelt(name, keys.keySet())
                        .ifPresent(hint -> problems.outside(name + "=" + value, "this variable sets nothing" + hint));
            } else {
                set(root, key, value, name);
            }
        });
        for (var flag : flags) {
            var key = keys.get(variable(flag.path()));
            if (key == null) {
                throw new IllegalArgumentException(flag.path() + " is no scalar of the schema");
            }
            if (!set(root, key, flag.value(), flag.origin())) {
                problems.outside(
                        flag.origin() + "=" + flag.value(), "the environment has no `" + service(flag.path()) + "`");
            }
        }
    }

    static String variable(String path) {
        return PREFIX
                + path.replace('.', '_')
                        .replaceAll("([a-z0-9])([A-Z])", "$1_$2")
                        .toUpperCase(Locale.ROOT);
    }

    /** False where the value belongs to a service that the file does not have. */
    private static boolean set(Node root, Schema.Key key, String value, String origin) {
        var mark = Origin.mark(origin + "=" + value);
        var names = key.path().split("\\.");
        var map = root;
        var path = "";
        for (var name : List.of(names).subList(0, names.length - 1)) {
            path = path.isEmpty() ? name : path + "." + name;
            var next = child(map, name);
            if (next.isEmpty() && path.equals(service(key.path()))) {
                return false;
            }
            map = next.orElse(null) != null ? next.get() : add(map, name, emptyMap(mark), mark);
        }
        add(map, names[names.length - 1], scalar(key, value, mark), mark);
        return true;
    }

    /** The service a path belongs to, such as {@code services.redis}; empty for all other paths. */
    private static String service(String path) {
        if (!path.startsWith(SERVICES)) {
            return "";
        }
        return path.substring(0, path.indexOf('.', SERVICES.length()));
    }

    private static Optional<Node> child(Node map, String name) {
        if (!(map instanceof MappingNode mapping)) {
            return Optional.empty();
        }
        return mapping.getValue().stream()
                .filter(tuple -> ((ScalarNode) tuple.getKeyNode()).getValue().equals(name))
                .map(NodeTuple::getValueNode)
                .findFirst();
    }

    /** Sets a key. Where the file has something else than a map, it stays: the schema says what is wrong with it. */
    private static Node add(Node map, String name, Node value, Mark mark) {
        if (map instanceof MappingNode mapping) {
            mapping.getValue()
                    .removeIf(tuple ->
                            ((ScalarNode) tuple.getKeyNode()).getValue().equals(name));
            var key = new ScalarNode(Tag.STR, name, mark, mark, ScalarStyle.PLAIN);
            mapping.getValue().add(new NodeTuple(key, value));
        }
        return value;
    }

    private static MappingNode emptyMap(Mark mark) {
        return new MappingNode(Tag.MAP, true, new ArrayList<>(), mark, mark, FlowStyle.BLOCK);
    }

    private static ScalarNode scalar(Schema.Key key, String value, Mark mark) {
        var tag = key.isText() ? Tag.STR : new PlainScalars().resolve(NodeId.scalar, value, true);
        return new ScalarNode(tag, value, mark, mark, ScalarStyle.PLAIN);
    }

    /** What to say of a variable that was surely meant for the file; empty for the many other ENVCTL_ variables. */
    private static Optional<String> misspelt(String name, Set<String> known) {
        var sections = known.stream()
                .map(variable -> variable.substring(0, variable.indexOf('_', PREFIX.length()) + 1))
                .collect(Collectors.toCollection(HashSet::new));
        var near = known.stream()
                .filter(variable -> Suggestion.distance(variable, name) <= 2)
                .findFirst()
                .or(() -> Suggestion.nearest(name, known));
        if (sections.stream().anyMatch(name::startsWith)) {
            return Optional.of(near.map(variable -> ", did you mean `" + variable + "`?")
                    .orElse("; run `envctl schema` to see what can be set"));
        }
        return near.filter(variable -> Suggestion.distance(variable, name) <= 2)
                .map(variable -> ", did you mean `" + variable + "`?");
    }

    private record Flag(String path, String value, String origin) {}
}
