package dev.envctl.kubernetes;

import dev.envctl.EnvctlException;
import dev.envctl.readiness.Deadline;
import dev.envctl.readiness.Wait;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Applies manifests: definitions of kinds first and established, then namespaces, then the rest as written. */
public final class ApplyManifests {
    private static final Duration EVERY = Duration.ofMillis(250);

    private final KubernetesApi api;
    private final Wait wait;

    public ApplyManifests(KubernetesApi api, Wait wait) {
        this.api = api;
        this.wait = wait;
    }

    /**
     * Applies all, waiting only for definitions of kinds.
     *
     * @param namespace where objects go that name none; made where it does not exist
     * @param labels put on every object
     * @param onReason told what is waited for
     * @return what was applied, in that order, for {@link WorkloadReadiness#askAll}
     * @throws EnvctlException with the place of the manifest in front where the server refuses it
     */
    public List<ObjectReference> apply(
            List<Manifest> manifests,
            String namespace,
            Map<String, String> labels,
            Deadline deadline,
            Consumer<String> onReason) {
        var applied = new ArrayList<ObjectReference>();
        for (var manifest : only(manifests, ApplyManifests::isDefinition)) {
            applied.add(apply(manifest, namespace, labels, deadline));
        }
        established(applied, deadline, onReason);
        for (var manifest : only(manifests, ApplyManifests::isNamespace)) {
            applied.add(apply(manifest, namespace, labels, deadline));
        }
        var rest = only(manifests, manifest -> !isDefinition(manifest) && !isNamespace(manifest));
        if (!rest.isEmpty()
                && api.get(ObjectReference.namespace(namespace), deadline).isEmpty()) {
            apply(new Manifest(emptyNamespace(namespace), "namespace"), namespace, labels, deadline);
        }
        for (var manifest : rest) {
            applied.add(apply(manifest, namespace, labels, deadline));
        }
        return List.copyOf(applied);
    }

    private ObjectReference apply(Manifest manifest, String namespace, Map<String, String> labels, Deadline deadline) {
        try {
            var reference = manifest.reference();
            var placed = api.namespaced(reference.apiVersion(), reference.kind(), deadline)
                    ? manifest.in(namespace)
                    : manifest;
            api.apply(placed.labelled(labels).object(), deadline);
            return placed.reference();
        } catch (EnvctlException e) {
            throw new EnvctlException(
                    e.kind(),
                    manifest.source() + ": " + e.problem(),
                    e.remedy().isEmpty() ? "Correct the manifest and run `envctl up` again." : e.remedy(),
                    e.details(),
                    e);
        }
    }

    private void established(List<ObjectReference> definitions, Deadline deadline, Consumer<String> onReason) {
        if (definitions.isEmpty()) {
            return;
        }
        var readiness = new WorkloadReadiness(api);
        wait.until(
                "the custom resource definitions",
                deadline,
                EVERY,
                onReason,
                () -> readiness.askAll(List.copyOf(definitions)));
    }

    private static List<Manifest> only(List<Manifest> manifests, Predicate<Manifest> kept) {
        return manifests.stream().filter(kept).toList();
    }

    private static boolean isDefinition(Manifest manifest) {
        return manifest.reference().kind().equals("CustomResourceDefinition");
    }

    private static boolean isNamespace(Manifest manifest) {
        return manifest.reference().kind().equals("Namespace")
                && manifest.reference().apiVersion().equals("v1");
    }

    private static Map<String, Object> emptyNamespace(String name) {
        return Map.of("apiVersion", "v1", "kind", "Namespace", "metadata", Map.of("name", name));
    }
}
