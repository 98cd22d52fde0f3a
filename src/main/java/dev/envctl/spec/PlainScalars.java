package dev.envctl.spec;

import java.util.regex.Pattern;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.resolver.Resolver;

/**
 * Reads unquoted scalars as YAML 1.2 does, and as editors do: {@code off} and {@code no} are text, {@code 010} is not
 * eight, {@code 1:30} is not ninety, and there are no merge keys. SnakeYAML by itself reads YAML 1.1.
 */
final class PlainScalars extends Resolver {
    private static final Pattern TRUE_OR_FALSE = Pattern.compile("true|True|TRUE|false|False|FALSE");
    private static final Pattern WHOLE = Pattern.compile("0|[-+]?[1-9][0-9]*");
    private static final Pattern DECIMAL = Pattern.compile("[-+]?(?:[0-9]+\\.[0-9]+(?:[eE][-+]?[0-9]{1,3})?)");
    private static final Pattern NOTHING = Pattern.compile("~|null|Null|NULL|");

    @Override
    protected void addImplicitResolvers() {
        addImplicitResolver(Tag.BOOL, TRUE_OR_FALSE, "tTfF", 5);
        addImplicitResolver(Tag.INT, WHOLE, "-+0123456789", 40);
        addImplicitResolver(Tag.FLOAT, DECIMAL, "-+0123456789", 40);
        // SnakeYAML looks up the empty scalar under this character.
        addImplicitResolver(Tag.NULL, NOTHING, "~nN\0", 4);
    }
}
