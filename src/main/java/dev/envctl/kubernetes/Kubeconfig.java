package dev.envctl.kubernetes;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * How to reach an API server: what the current context of a kubeconfig says.
 *
 * <p>Reads only embedded certificates. A kubeconfig that names a command, a plugin or a file is refused: envctl loads
 * only kubeconfigs that it wrote itself.
 *
 * @param server such as {@code https://127.0.0.1:41234}
 * @param certificateAuthority PEM
 * @param clientCertificate PEM
 * @param clientKey PEM
 */
public record Kubeconfig(
        String context, String server, String certificateAuthority, String clientCertificate, String clientKey) {
    /** Reads the current context; fails with kind FAILED where something is missing. */
    public static Kubeconfig parse(String text) {
        var root = Fields.of(load(text));
        var context = root.text("current-context");
        var chosen = named(root, "contexts", context).at("context");
        var cluster = named(root, "clusters", chosen.text("cluster")).at("cluster");
        var user = named(root, "users", chosen.text("user")).at("user");
        if (user.has("exec") || user.has("auth-provider")) {
            throw broken("its user names a command to run, which envctl never does");
        }
        return new Kubeconfig(
                context,
                required(cluster, "server"),
                decoded(cluster, "certificate-authority-data"),
                decoded(user, "client-certificate-data"),
                decoded(user, "client-key-data"));
    }

    private static Map<?, ?> load(String text) {
        try {
            var loaded = new Yaml(new SafeConstructor(new LoaderOptions())).<Object>load(text);
            return loaded instanceof Map<?, ?> map ? map : Map.of();
        } catch (YAMLException e) {
            throw broken("it is no YAML: " + e.getMessage());
        }
    }

    private static Fields named(Fields root, String list, String name) {
        return root.list(list).stream()
                .filter(entry -> entry.text("name").equals(name))
                .findFirst()
                .orElseThrow(() -> broken("it has no entry '%s' in %s".formatted(name, list)));
    }

    private static String required(Fields fields, String name) {
        var value = fields.text(name);
        if (value.isEmpty()) {
            throw broken("it has no '" + name + "'");
        }
        return value;
    }

    private static String decoded(Fields fields, String name) {
        try {
            return new String(Base64.getMimeDecoder().decode(required(fields, name)), StandardCharsets.US_ASCII);
        } catch (IllegalArgumentException e) {
            throw broken("its '" + name + "' is not base64");
        }
    }

    private static EnvctlException broken(String why) {
        return new EnvctlException(
                FailureKind.FAILED,
                "The environment's kubeconfig cannot be used: " + why + ".",
                "Run `envctl up --recreate` to write it anew.");
    }

    @Override
    public String toString() {
        return "Kubeconfig[" + context + " at " + server + "]";
    }
}
