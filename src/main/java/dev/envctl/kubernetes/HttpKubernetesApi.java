package dev.envctl.kubernetes;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.envctl.AtOnce;
import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.kubernetes.Transport.Request;
import dev.envctl.kubernetes.Transport.Response;
import dev.envctl.readiness.Answer;
import dev.envctl.readiness.Deadline;
import dev.envctl.readiness.Wait;
import java.io.IOException;
import java.net.URLEncoder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Plain REST calls; safe to use from several threads. */
public final class HttpKubernetesApi implements KubernetesApi {
    private static final String FIELD_MANAGER = "envctl";
    private static final int CONFLICT = 409;
    /** How many kinds are asked for at the same time when a namespace is emptied. */
    private static final int KINDS = 4;

    private final Transport transport;
    private final Exchange exchange;
    private final Discovery discovery;
    private final Json json = new Json();

    public HttpKubernetesApi(Kubeconfig kubeconfig) {
        this(new OkHttpTransport(kubeconfig), new Wait());
    }

    HttpKubernetesApi(Transport transport, Wait wait) {
        this.transport = transport;
        this.exchange = new Exchange(transport, wait, json);
        this.discovery = new Discovery(exchange, wait, json);
    }

    @Override
    public Answer<KubernetesApi> reachable(Deadline deadline) {
        try {
            var response = transport.send(Request.get("/readyz"), Exchange.perAttempt(deadline));
            return response.ok()
                    ? Answer.ready(this)
                    : Answer.notYet("the API server is not ready: " + exchange.reason(response));
        } catch (IOException e) {
            return Answer.notYet("the API server does not answer: " + Exchange.reason(e));
        }
    }

    @Override
    public String serverVersion(Deadline deadline) {
        var response = ok("Asking for the API server's version", Request.get("/version"), deadline);
        return Fields.of(json.read(response.body())).text("gitVersion");
    }

    @Override
    public Map<String, Object> apply(Map<String, Object> object, Deadline deadline) {
        var reference = ObjectReference.of(object);
        var path = discovery.path(placed(reference, deadline), deadline)
                + "?fieldManager=%s&force=true&fieldValidation=Strict".formatted(FIELD_MANAGER);
        var request = new Request("PATCH", path, "application/apply-patch+yaml", json.write(object));
        return json.read(ok("Applying " + reference, request, deadline).body());
    }

    @Override
    public Map<String, Object> create(Map<String, Object> object, Deadline deadline) {
        var reference = placed(ObjectReference.of(object), deadline);
        var path = discovery
                        .resource(reference.apiVersion(), reference.kind(), deadline)
                        .collection(reference.namespace())
                + "?fieldManager=%s&fieldValidation=Strict".formatted(FIELD_MANAGER);
        var request = new Request("POST", path, "application/json", json.write(object));
        var response = exchange.send("Creating " + reference, request, deadline);
        return response.status() == CONFLICT
                ? apply(object, deadline)
                : json.read(checked("Creating " + reference, response).body());
    }

    private ObjectReference placed(ObjectReference reference, Deadline deadline) {
        if (!reference.namespace().isEmpty() || !namespaced(reference.apiVersion(), reference.kind(), deadline)) {
            return reference;
        }
        return new ObjectReference(reference.apiVersion(), reference.kind(), "default", reference.name());
    }

    @Override
    public boolean namespaced(String apiVersion, String kind, Deadline deadline) {
        return discovery.resource(apiVersion, kind, deadline).namespaced();
    }

    @Override
    public Optional<Map<String, Object>> get(ObjectReference reference, Deadline deadline) {
        if (discovery.find(reference.apiVersion(), reference.kind(), deadline).isEmpty()) {
            return Optional.empty();
        }
        var request = Request.get(discovery.path(placed(reference, deadline), deadline));
        var response = exchange.send("Reading " + reference, request, deadline);
        if (response.status() == 404) {
            return Optional.empty();
        }
        return Optional.of(json.read(checked("Reading " + reference, response).body()));
    }

    @Override
    public List<Map<String, Object>> list(
            String apiVersion, String kind, String namespace, String labelSelector, Deadline deadline) {
        var query = labelSelector.isEmpty() ? "" : "?labelSelector=" + encode(labelSelector);
        return items(apiVersion, kind, namespace, query, deadline);
    }

    @Override
    public void delete(ObjectReference reference, Deadline deadline) {
        if (discovery.find(reference.apiVersion(), reference.kind(), deadline).isEmpty()) {
            return;
        }
        var path = discovery.path(placed(reference, deadline), deadline) + "?propagationPolicy=Background";
        var response = exchange.send("Deleting " + reference, new Request("DELETE", path, "", ""), deadline);
        if (response.status() != 404) {
            checked("Deleting " + reference, response);
        }
    }

    @Override
    public List<ObjectReference> deleteContents(String namespace, Set<ObjectReference> kept, Deadline deadline) {
        var kinds = discovery.deletable(deadline);
        return AtOnce.each(
                        "Emptying namespace " + namespace,
                        KINDS,
                        kinds,
                        kind -> deleteContents(kind, namespace, kept, deadline))
                .stream()
                .flatMap(List::stream)
                .toList();
    }

    /** What was there of one kind. Events are not told of: they come as long as anything happens, also a deletion. */
    private List<ObjectReference> deleteContents(
            Discovery.Kind kind, String namespace, Set<ObjectReference> kept, Deadline deadline) {
        var here = list(kind.apiVersion(), kind.kind(), namespace, "", deadline).stream()
                .map(ObjectReference::of)
                .filter(object -> !kept.contains(object))
                .toList();
        if (!here.isEmpty()) {
            deleteAll(kind, namespace, kept, deadline);
        }
        return kind.kind().equals("Event") ? List.of() : here;
    }

    /** With a second of grace: pods without any are gone from the API before they have stopped. */
    private void deleteAll(Discovery.Kind kind, String namespace, Set<ObjectReference> kept, Deadline deadline) {
        var selector = kept.stream()
                .filter(object ->
                        object.kind().equals(kind.kind()) && object.apiVersion().equals(kind.apiVersion()))
                .map(object -> "metadata.name!=" + object.name())
                .sorted()
                .collect(Collectors.joining(","));
        var path = kind.resource().collection(namespace)
                + "?gracePeriodSeconds=1&propagationPolicy=Background"
                + (selector.isEmpty() ? "" : "&fieldSelector=" + encode(selector));
        ok(
                "Deleting the %s objects in namespace %s".formatted(kind.kind(), namespace),
                new Request("DELETE", path, "", ""),
                deadline);
    }

    @Override
    public String token(String namespace, String account, Duration life, Deadline deadline) {
        var what = "Asking for a token of serviceaccount/%s in namespace %s".formatted(account, namespace);
        var path = "/api/v1/namespaces/%s/serviceaccounts/%s/token".formatted(namespace, account);
        var body = json.write(Map.of(
                "apiVersion",
                "authentication.k8s.io/v1",
                "kind",
                "TokenRequest",
                "spec",
                Map.of("expirationSeconds", life.toSeconds())));
        var answer = Fields.of(json.read(ok(what, new Request("POST", path, "application/json", body), deadline)
                .body()));
        return answer.text("status", "token");
    }

    @Override
    public List<String> logs(ObjectReference pod, String container, int lines, boolean previous, Deadline deadline) {
        var path = "/api/v1/namespaces/%s/pods/%s/log?container=%s&tailLines=%d&previous=%s"
                .formatted(pod.namespace(), pod.name(), encode(container), lines, previous);
        var response = exchange.send("Reading the log of " + pod, Request.get(path), deadline);
        // 400: the container has not started, or there was none before.
        if (response.status() == 400 || response.status() == 404) {
            return List.of();
        }
        return checked("Reading the log of " + pod, response).body().lines().toList();
    }

    @Override
    public NodeUsage usage(String node, Deadline deadline) {
        var path = "/api/v1/nodes/%s/proxy/stats/summary?only_cpu_and_memory=true".formatted(encode(node));
        return NodeUsage.of(
                json.read(ok("Asking node " + node, Request.get(path), deadline).body()));
    }

    @Override
    public List<Map<String, Object>> events(ObjectReference reference, Deadline deadline) {
        var selector = "involvedObject.kind=%s,involvedObject.name=%s".formatted(reference.kind(), reference.name());
        // Events about objects outside any namespace are kept in "default".
        var namespace = reference.namespace().isEmpty() ? "default" : reference.namespace();
        return items("v1", "Event", namespace, "?fieldSelector=" + encode(selector), deadline).stream()
                .sorted(Comparator.comparing(Events::when))
                .toList();
    }

    private List<Map<String, Object>> items(
            String apiVersion, String kind, String namespace, String query, Deadline deadline) {
        var what = "Listing %s objects%s".formatted(kind, namespace.isEmpty() ? "" : " in namespace " + namespace);
        var path = discovery.resource(apiVersion, kind, deadline).collection(namespace) + query;
        var found = Fields.of(json.read(ok(what, Request.get(path), deadline).body()));
        var items = new ArrayList<Map<String, Object>>();
        for (var item : found.list("items")) {
            // A list says once for all items what they are.
            var whole = new LinkedHashMap<String, Object>();
            whole.put("apiVersion", apiVersion);
            whole.put("kind", kind);
            item.object().forEach((key, value) -> whole.put(String.valueOf(key), value));
            items.add(whole);
        }
        return items;
    }

    private Response ok(String what, Request request, Deadline deadline) {
        return checked(what, exchange.send(what, request, deadline));
    }

    private Response checked(String what, Response response) {
        if (response.ok()) {
            return response;
        }
        throw new EnvctlException(
                FailureKind.FAILED,
                "%s failed (HTTP %d): %s".formatted(what, response.status(), exchange.reason(response)),
                "");
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, UTF_8);
    }

    @Override
    public void close() {
        transport.close();
    }
}
