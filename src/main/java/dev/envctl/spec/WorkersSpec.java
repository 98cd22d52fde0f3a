package dev.envctl.spec;

/**
 * The workers that share the environment.
 *
 * @param count how many leases are issued before the environment is ready
 * @param connections Postgres connections each worker may hold
 * @param ports host ports in each worker's block
 */
public record WorkersSpec(int count, int connections, int ports, Access access) {
    /** What a worker may do in Kubernetes. */
    public enum Access {
        /** Everything in its own namespace, nothing outside it. */
        NAMESPACE,
        CLUSTER_ADMIN
    }
}
