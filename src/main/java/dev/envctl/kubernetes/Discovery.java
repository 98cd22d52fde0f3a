package dev.envctl.kubernetes;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.kubernetes.Transport.Request;
import dev.envctl.readiness.Answer;
import dev.envctl.readiness.Deadline;
import dev.envctl.readiness.Wait;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** Which path objects of a kind have; asked once for each group and version, and again for a kind not seen before. */
final class Discovery {
    /** A kind whose definition was just established is served a moment later. */
    private static final Duration NEW_KIND = Duration.ofSeconds(5);

    private static final List<String> EMPTYING = List.of("list", "deletecollection");

    /** Not all that end so: the Gateway API and metrics-server have such names too, and come and go like others. */
    private static final Set<String> OF_KUBERNETES = Set.of(
            "admissionregistration.k8s.io",
            "apiextensions.k8s.io",
            "apiregistration.k8s.io",
            "authentication.k8s.io",
            "authorization.k8s.io",
            "certificates.k8s.io",
            "coordination.k8s.io",
            "discovery.k8s.io",
            "events.k8s.io",
            "flowcontrol.apiserver.k8s.io",
            "internal.apiserver.k8s.io",
            "networking.k8s.io",
            "node.k8s.io",
            "rbac.authorization.k8s.io",
            "resource.k8s.io",
            "scheduling.k8s.io",
            "storage.k8s.io",
            "storagemigration.k8s.io");

    /** @param root such as {@code /apis/apps/v1} */
    record Resource(String root, String plural, boolean namespaced, boolean deletable) {
        String collection(String namespace) {
            return namespaced && !namespace.isEmpty()
                    ? "%s/namespaces/%s/%s".formatted(root, namespace, plural)
                    : root + "/" + plural;
        }
    }

    private final Exchange exchange;
    private final Wait wait;
    private final Json json;
    private final Map<String, Map<String, Resource>> known = new ConcurrentHashMap<>();

    Discovery(Exchange exchange, Wait wait, Json json) {
        this.exchange = exchange;
        this.wait = wait;
        this.json = json;
    }

    /** A kind of object. */
    record Kind(String apiVersion, String kind, Resource resource) {}

    /**
     * Those that live in a namespace and can be deleted there all at once, each in one version that serves it. Those of
     * Kubernetes itself are asked for once, others each time, because they come and go; a server behind the API server
     * that does not answer is left out.
     */
    List<Kind> deletable(Deadline deadline) {
        var kinds = new ArrayList<>(deletable(List.of("v1"), deadline));
        var groups = exchange.send("Asking for the groups of kinds", Request.get("/apis"), deadline);
        Fields.of(json.read(groups.body()))
                .list("groups")
                .forEach(group -> kinds.addAll(deletable(versions(group), deadline)));
        return kinds;
    }

    /** The preferred one comes first. */
    private static List<String> versions(Fields group) {
        var preferred = group.text("preferredVersion", "groupVersion");
        return Stream.concat(
                        Stream.of(preferred),
                        group.list("versions").stream().map(version -> version.text("groupVersion")))
                .distinct()
                .toList();
    }

    /** @param versions of one group */
    private List<Kind> deletable(List<String> versions, Deadline deadline) {
        var found = new LinkedHashMap<String, Kind>();
        try {
            for (var version : versions) {
                kinds(version, deadline)
                        .forEach((kind, resource) -> found.putIfAbsent(kind, new Kind(version, kind, resource)));
            }
        } catch (EnvctlException e) {
            if (e.kind() != FailureKind.TIMEOUT || isOfKubernetes(versions.get(0))) {
                throw e;
            }
        }
        return found.values().stream()
                .filter(kind -> kind.resource().namespaced() && kind.resource().deletable())
                .toList();
    }

    private Map<String, Resource> kinds(String apiVersion, Deadline deadline) {
        return isOfKubernetes(apiVersion)
                ? known.computeIfAbsent(apiVersion, version -> ask(version, deadline))
                : ask(apiVersion, deadline.atMost(NEW_KIND));
    }

    /** A group that somebody adds has a dot in its name. */
    private static boolean isOfKubernetes(String apiVersion) {
        var group = apiVersion.replaceAll("/.*", "");
        return !group.contains(".") || OF_KUBERNETES.contains(group);
    }

    String path(ObjectReference reference, Deadline deadline) {
        return resource(reference.apiVersion(), reference.kind(), deadline).collection(reference.namespace())
                + "/"
                + reference.name();
    }

    /** @throws EnvctlException FAILED where the server has no such kind, not even a few seconds later */
    Resource resource(String apiVersion, String kind, Deadline deadline) {
        var grace = deadline.atMost(NEW_KIND);
        return wait.until(
                "the kind " + kind,
                deadline,
                Duration.ofMillis(200),
                reason -> {},
                () -> find(apiVersion, kind, deadline)
                        .map(Answer::ready)
                        .orElseGet(() -> grace.passed()
                                ? Answer.hopeless(unknown(apiVersion, kind))
                                : Answer.notYet("the API server does not serve it")));
    }

    /** Empty where the server has no such kind now. */
    Optional<Resource> find(String apiVersion, String kind, Deadline deadline) {
        var cached = known.getOrDefault(apiVersion, Map.of()).get(kind);
        if (cached != null) {
            return Optional.of(cached);
        }
        var fresh = ask(apiVersion, deadline);
        known.put(apiVersion, fresh);
        return Optional.ofNullable(fresh.get(kind));
    }

    private Map<String, Resource> ask(String apiVersion, Deadline deadline) {
        var root = apiVersion.contains("/") ? "/apis/" + apiVersion : "/api/" + apiVersion;
        var response = exchange.send("Asking for the kinds of " + apiVersion, Request.get(root), deadline);
        var kinds = new HashMap<String, Resource>();
        if (response.ok()) {
            for (var resource : Fields.of(json.read(response.body())).list("resources")) {
                // Subresources such as pods/status name the same kind.
                if (!resource.text("name").contains("/")) {
                    kinds.putIfAbsent(
                            resource.text("kind"),
                            new Resource(
                                    root,
                                    resource.text("name"),
                                    resource.isTrue("namespaced"),
                                    resource.texts("verbs").containsAll(EMPTYING)));
                }
            }
        }
        return Map.copyOf(kinds);
    }

    private static EnvctlException unknown(String apiVersion, String kind) {
        return new EnvctlException(
                FailureKind.FAILED,
                "The cluster knows no kind %s in %s.".formatted(kind, apiVersion),
                "Check apiVersion and kind, or apply its custom resource definition first.");
    }
}
