package dev.envctl.environment;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.kubernetes.ApplyManifests;
import dev.envctl.kubernetes.KubernetesApi;
import dev.envctl.kubernetes.ManifestFiles;
import dev.envctl.kubernetes.ObjectReference;
import dev.envctl.kubernetes.WorkloadReadiness;
import dev.envctl.readiness.Deadline;
import dev.envctl.spec.ManifestSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Applies the user's own manifests one after the other, and waits for each before the next. */
final class ApplyUserManifests {
    private static final Duration EVERY = Duration.ofMillis(250);

    private final Making making;
    private final KubernetesApi api;

    ApplyUserManifests(Making making, KubernetesApi api) {
        this.making = making;
        this.api = api;
    }

    List<ObjectReference> run(PhaseRun run) {
        var all = new ArrayList<ObjectReference>();
        for (var manifest : making.spec().manifests()) {
            var deadline = run.deadline().atMost(making.spec().timeouts().manifests());
            making.journal()
                    .around(
                            "apply manifest",
                            Map.of("path", manifest.path().toString()),
                            () -> all.addAll(apply(manifest, deadline, run)));
        }
        return all;
    }

    private List<ObjectReference> apply(ManifestSpec manifest, Deadline deadline, PhaseRun run) {
        var wait = making.tools().waits();
        var objects = new ApplyManifests(api, wait)
                .apply(
                        ManifestFiles.read(manifest.path()),
                        manifest.namespace(),
                        making.labels(),
                        deadline,
                        run::waiting);
        var readiness = new WorkloadReadiness(api);
        try {
            return wait.until(
                    manifest.path().toString(), deadline, EVERY, run::waiting, () -> readiness.askAll(objects));
        } catch (EnvctlException e) {
            if (e.kind() == FailureKind.INTERRUPTED) {
                throw e;
            }
            var timedOut = e.kind() == FailureKind.TIMEOUT;
            throw new EnvctlException(
                    e.kind(),
                    timedOut ? e.problem() : "%s: %s".formatted(manifest.path(), e.problem()),
                    timedOut ? "Mend the manifest, or give it longer with `timeouts.manifests`." : e.remedy(),
                    e.details(),
                    e);
        }
    }
}
