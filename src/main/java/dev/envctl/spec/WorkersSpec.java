package dev.envctl.spec;

import java.util.OptionalInt;

/**
 * The workers that share the environment.
 *
 * @param count how many leases are issued before the environment is ready
 * @param connections Postgres connections each worker may hold
 * @param ports host ports in each worker's block
 * @param nodePorts how many more ports each worker has, which reach node ports of the cluster
 * @param ahead how many leases on demand are kept ready before anybody asks
 * @param onDemand how many leases beyond {@code count} there may be; empty for as many as fit
 */
public record WorkersSpec(
        int count, int connections, int ports, int nodePorts, Access access, int ahead, OptionalInt onDemand) {
    /** What a worker may do in Kubernetes. */
    public enum Access {
        /** Everything in its own namespace, nothing outside it. */
        NAMESPACE,
        CLUSTER_ADMIN
    }

    /** The host ports set aside for each worker: its own, and those that reach node ports. */
    public int block() {
        return ports + nodePorts;
    }

    /** All that must fit before anything is made. */
    public int most() {
        return count + onDemand.orElse(0);
    }
}
