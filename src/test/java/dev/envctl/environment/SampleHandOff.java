package dev.envctl.environment;

import java.util.List;
import java.util.Map;

/** A hand-off and a lease with everything in them, and characters that have to be quoted. */
public final class SampleHandOff {
    static final String PASSWORD = "it's $HOME `x` \"q\" \\ #%&;<>";

    private static final HandOff.Postgres POSTGRES = new HandOff.Postgres(
            "127.0.0.1",
            15001,
            "w1",
            PASSWORD,
            "app_w1",
            "postgresql://w1:it%27s@127.0.0.1:15001/app_w1",
            new HandOff.InCluster(
                    "postgres.envctl.svc.cluster.local",
                    5432,
                    "postgresql://w1:it%27s@postgres.envctl.svc.cluster.local:5432/app_w1"));
    private static final HandOff.Redis REDIS = new HandOff.Redis(
            "127.0.0.1",
            15002,
            "w1",
            "secret",
            "redis://w1:secret@127.0.0.1:15002/1",
            new HandOff.InCluster(
                    "redis.envctl.svc.cluster.local", 6379, "redis://w1:secret@redis.envctl.svc.cluster.local:6379/1"));

    private SampleHandOff() {}

    public static WorkerLease lease() {
        return new WorkerLease(
                1,
                "w1-0a1b2c3d",
                "w1-0a1b2c3d",
                "/home/a b/.envctl/e2e/workers/1.kubeconfig",
                "worker-1",
                POSTGRES,
                REDIS,
                new WorkerLease.Ports(15010, 15019),
                List.of(new WorkerLease.NodePort(15010, 30000), new WorkerLease.NodePort(15011, 30001)),
                "http://127.0.0.1:41233",
                "token",
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                null,
                false);
    }

    static WorkerLease leaseWithoutServices() {
        return new WorkerLease(
                2,
                "w2-0a1b2c3d",
                "w2-0a1b2c3d",
                "/k",
                "worker-2",
                null,
                null,
                new WorkerLease.Ports(1, 2),
                List.of(),
                "http://127.0.0.1:41233",
                "token",
                "00",
                null,
                false);
    }

    /**
     * An environment with one worker.
     *
     * @param leaseFile where its lease lies
     */
    public static HandOff of(String leaseFile) {
        return new HandOff(
                HandOff.API_VERSION,
                "e2e",
                "0a1b2c3d",
                "ready",
                new HandOff.Cluster(
                        "kind",
                        "podman",
                        "/p/.envctl/e2e/kubeconfig",
                        "kind-envctl-e2e-0a1b2c3d",
                        "https://127.0.0.1:15000",
                        List.of("envctl-e2e-0a1b2c3d-control-plane")),
                new HandOff.Services(POSTGRES, REDIS),
                List.of(new HandOff.Worker(1, leaseFile)),
                List.of(new HandOff.Image("redis", "docker.io/library/redis@sha256:1", "sha256:1")),
                new HandOff.Primary(4711, "http://127.0.0.1:41233", "2026-01-01T00:00:00Z"),
                Map.of("hand off", 0.1));
    }
}
