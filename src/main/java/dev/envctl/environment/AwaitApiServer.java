package dev.envctl.environment;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.cluster.KindCluster;
import dev.envctl.kubernetes.Kubeconfig;
import dev.envctl.kubernetes.KubernetesApi;
import dev.envctl.readiness.Answer;
import java.time.Duration;

/**
 * Takes the administrator's kubeconfig out of the node as soon as kubeadm has written it, and waits until the API server
 * answers. Several seconds before kind is done: the services start meanwhile.
 */
final class AwaitApiServer {
    private static final Duration EVERY = Duration.ofMillis(200);

    private final Making making;
    private final KindCluster cluster;

    AwaitApiServer(Making making, KindCluster cluster) {
        this.making = making;
        this.cluster = cluster;
    }

    /** The API server and the administrator's way to it. */
    record Reached(KubernetesApi api, Kubeconfig admin) {}

    Reached run(String server, PhaseRun run) {
        var wait = making.tools().waits();
        var kubeconfig = wait.until(
                "kubeadm to write the kubeconfig",
                run.deadline(),
                EVERY,
                run::waiting,
                () -> cluster.adminKubeconfig(server, run.deadline())
                        .<Answer<String>>map(Answer::ready)
                        .orElseGet(() -> Answer.notYet("kubeadm has not written the kubeconfig yet")));
        var admin = Kubeconfig.parse(kubeconfig);
        var api = making.tools().kubernetes().apply(admin);
        try {
            wait.until(
                    "the API server at " + server,
                    run.deadline(),
                    EVERY,
                    run::waiting,
                    () -> api.reachable(run.deadline()));
            return new Reached(api, admin);
        } catch (EnvctlException e) {
            api.close();
            throw e.kind() == FailureKind.TIMEOUT
                    ? new EnvctlException(
                            e.kind(),
                            e.problem(),
                            "The log of kubeadm is in %s."
                                    .formatted(making.directory().kindLog()),
                            e.details(),
                            e)
                    : e;
        }
    }
}
