package dev.envctl.cluster;

import java.util.regex.Pattern;

/**
 * The name of a kind cluster: {@code envctl-NAME-ID}. kind's containers carry only kind's own label, so the name is what
 * ties them to an environment; the id makes it unique on the host.
 *
 * @param environment the environment's name, at most 30 characters
 * @param id eight hexadecimal digits
 */
public record ClusterName(String environment, String id) {
    private static final Pattern ID = Pattern.compile("[0-9a-f]{8}");
    // kind warns above 50 characters: its node names must fit in a host name.
    private static final int LONGEST = 50;

    public ClusterName {
        if (!ID.matcher(id).matches()) {
            throw new IllegalArgumentException("not an environment id: " + id);
        }
        if (environment.isEmpty() || ("envctl-" + environment + "-" + id).length() > LONGEST) {
            throw new IllegalArgumentException("not an environment name: " + environment);
        }
    }

    /** The node that the API server runs on, which is also its container's name. */
    public String controlPlane() {
        return this + "-control-plane";
    }

    /** The context of this cluster in its kubeconfig. */
    public String context() {
        return "kind-" + this;
    }

    /** Names kind gives its nodes, each also the key of the label on that node's volume under Podman. */
    boolean isNode(String name) {
        return name.equals(controlPlane()) || name.matches(Pattern.quote(this + "-worker") + "\\d*");
    }

    @Override
    public String toString() {
        return "envctl-" + environment + "-" + id;
    }
}
