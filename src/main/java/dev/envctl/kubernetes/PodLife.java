package dev.envctl.kubernetes;

import dev.envctl.readiness.Deadline;
import java.util.List;

/**
 * One pod of the environment's own services, as far as it tells whether it is still the same.
 *
 * @param service such as {@code redis}
 * @param uid another one is another pod, with nothing of what the first had in memory
 * @param restarts how often its containers were started again
 * @param lastEnd why the last container ended, such as {@code OOMKilled, exit code 137}; empty where none has
 */
public record PodLife(String service, String uid, long restarts, boolean ready, String lastEnd) {
    /** The pods of one namespace that carry {@link ServiceLabel}. */
    public static List<PodLife> list(KubernetesApi api, String namespace, Deadline deadline) {
        return api.list("v1", "Pod", namespace, ServiceLabel.NAME, deadline).stream()
                .map(Fields::of)
                .filter(pod -> !pod.has("metadata", "deletionTimestamp"))
                .map(PodLife::of)
                .toList();
    }

    private static PodLife of(Fields pod) {
        var containers = pod.list("status", "containerStatuses");
        return new PodLife(
                pod.at("metadata", "labels").text(ServiceLabel.NAME),
                pod.text("metadata", "uid"),
                containers.stream().mapToLong(one -> one.number("restartCount")).sum(),
                pod.conditionIsTrue("Ready"),
                containers.stream()
                        .map(one -> one.at("lastState", "terminated"))
                        .filter(end -> end.has("exitCode"))
                        .map(end -> "%s, exit code %d".formatted(end.text("reason"), end.number("exitCode")))
                        .findFirst()
                        .orElse(""));
    }
}
