package dev.envctl.kubernetes;

import java.util.regex.Pattern;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.resolver.Resolver;

/**
 * Reads plain scalars as kubectl does. YAML 1.1 has dates and base-60 numbers too, which would turn
 * {@code 2026-01-01} and {@code 15432:30432} into something else than the text they are to Kubernetes.
 */
final class KubernetesScalars extends Resolver {
    private static final Pattern WHOLE_NUMBER =
            Pattern.compile("[-+]?(?:0|0[0-7]+|[1-9][0-9]*|0x[0-9a-fA-F]+|0o[0-7]+|0b[01]+)");
    private static final Pattern NUMBER =
            Pattern.compile("[-+]?(?:[0-9]+\\.[0-9]*|\\.[0-9]+|[0-9]+(?=[eE]))(?:[eE][-+]?[0-9]+)?");

    @Override
    protected void addImplicitResolvers() {
        addImplicitResolver(Tag.BOOL, BOOL, "yYnNtTfFoO");
        addImplicitResolver(Tag.INT, WHOLE_NUMBER, "-+0123456789");
        addImplicitResolver(Tag.FLOAT, NUMBER, "-+0123456789.");
        addImplicitResolver(Tag.MERGE, MERGE, "<");
        addImplicitResolver(Tag.NULL, NULL, "~nN\0");
        addImplicitResolver(Tag.NULL, EMPTY, null);
    }
}
