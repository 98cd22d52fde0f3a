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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Which path objects of a kind have; asked once for each group and version, and again for a kind not seen before. */
final class Discovery {
    /** A kind whose definition was just established is served a moment later. */
    private static final Duration NEW_KIND = Duration.ofSeconds(5);

    private static final List<String> EMPTYING = List.of("list", "deletecollection");

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
     * Those that live in a namespace and can be deleted there all at once. Those of Kubernetes itself are asked for
     * once, others each time, because they come and go; a server behind the API server that does not answer is left out.
     */
    List<Kind> deletable(Deadline deadline) {
        var versions = new ArrayList<>(List.of("v1"));
        var groups = exchange.send("Asking for the groups of kinds", Request.get("/apis"), deadline);
        Fields.of(json.read(groups.body()))
                .list("groups")
                .forEach(group -> versions.add(group.text("preferredVersion", "groupVersion")));
        return versions.stream()
                .flatMap(version -> kinds(version, deadline).entrySet().stream()
                        .filter(kind ->
                                kind.getValue().namespaced() && kind.getValue().deletable())
                        .map(kind -> new Kind(version, kind.getKey(), kind.getValue())))
                .toList();
    }

    private Map<String, Resource> kinds(String apiVersion, Deadline deadline) {
        if (!apiVersion.contains(".") || apiVersion.contains(".k8s.io/")) {
            return known.computeIfAbsent(apiVersion, version -> ask(version, deadline));
        }
        try {
            return ask(apiVersion, deadline.atMost(NEW_KIND));
        } catch (EnvctlException e) {
            if (e.kind() != FailureKind.TIMEOUT) {
                throw e;
            }
            return Map.of();
        }
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
