package dev.envctl.environment;

import dev.envctl.kubernetes.KubernetesApi;
import dev.envctl.kubernetes.ObjectReference;
import dev.envctl.kubernetes.WorkloadReadiness;
import dev.envctl.readiness.Answer;
import dev.envctl.readiness.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Waits until every node is ready and all that runs in the cluster itself is available: a pod can resolve names. */
final class AwaitCluster {
    private static final Duration EVERY = Duration.ofMillis(200);
    private static final String SYSTEM = "kube-system";

    private final Making making;
    private final KubernetesApi api;

    AwaitCluster(Making making, KubernetesApi api) {
        this.making = making;
        this.api = api;
    }

    List<ObjectReference> run(PhaseRun run) {
        return making.tools()
                .waits()
                .until("the cluster", run.deadline(), EVERY, run::waiting, () -> ask(run.deadline()));
    }

    private Answer<List<ObjectReference>> ask(Deadline deadline) {
        var nodes = references("v1", "Node", "", deadline);
        var expected = making.spec().cluster().workerNodes() + 1;
        if (nodes.size() < expected) {
            return Answer.notYet("%d of %d nodes have joined".formatted(nodes.size(), expected));
        }
        var system = Stream.concat(
                        references("apps/v1", "DaemonSet", SYSTEM, deadline).stream(),
                        references("apps/v1", "Deployment", SYSTEM, deadline).stream())
                .toList();
        if (system.isEmpty()) {
            return Answer.notYet("kubeadm has not applied its add-ons yet");
        }
        var all = new ArrayList<>(nodes);
        all.addAll(system);
        return new WorkloadReadiness(api).askAll(all);
    }

    private List<ObjectReference> references(String apiVersion, String kind, String namespace, Deadline deadline) {
        return api.list(apiVersion, kind, namespace, "", deadline).stream()
                .map(object -> ObjectReference.of(object))
                // Items of a list do not repeat what they are.
                .map(found -> new ObjectReference(apiVersion, kind, found.namespace(), found.name()))
                .toList();
    }
}
