package dev.envctl.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.readiness.Answer;
import dev.envctl.readiness.Deadline;
import dev.envctl.readiness.Wait;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HttpKubernetesApiTest {
    private static final String CREATED =
            "POST /api/v1/namespaces/n/configmaps?fieldManager=envctl&fieldValidation=Strict";
    private static final String APPLIED =
            "PATCH /api/v1/namespaces/n/configmaps/c?fieldManager=envctl&force=true&fieldValidation=Strict";
    private static final String CORE = """
            {"resources": [
              {"name": "configmaps", "kind": "ConfigMap", "namespaced": true},
              {"name": "pods/status", "kind": "Pod", "namespaced": true},
              {"name": "pods", "kind": "Pod", "namespaced": true},
              {"name": "events", "kind": "Event", "namespaced": true},
              {"name": "nodes", "kind": "Node", "namespaced": false}]}""";

    private final FakeTransport server = new FakeTransport().on("GET /api/v1", 200, CORE);
    private final KubernetesApi api = new HttpKubernetesApi(server, new Wait());

    private static Map<String, Object> configMap() {
        return Map.of("apiVersion", "v1", "kind", "ConfigMap", "metadata", Map.of("name", "c", "namespace", "n"));
    }

    private static Deadline soon() {
        return Deadline.in(Duration.ofSeconds(5));
    }

    private static Consumer<Throwable> kind(FailureKind kind) {
        return failure -> assertThat(((EnvctlException) failure).kind()).isEqualTo(kind);
    }

    @Test
    void appliesByPatchAndReturnsWhatTheServerHolds() {
        server.on(APPLIED, 200, "{\"metadata\": {\"generation\": 7}}");

        var applied = api.apply(configMap(), soon());

        assertThat(applied).isEqualTo(Map.of("metadata", Map.of("generation", 7L)));
        assertThat(server.asked.get(1).contentType()).isEqualTo("application/apply-patch+yaml");
    }

    @Test
    void createsByPost() {
        server.on(CREATED, 201, "{\"metadata\": {\"uid\": \"u\"}}");

        assertThat(api.create(configMap(), soon())).isEqualTo(Map.of("metadata", Map.of("uid", "u")));
        assertThat(server.paths()).containsExactly("GET /api/v1", CREATED);
    }

    @Test
    void createsAgainAfterAConflict() {
        server.on(CREATED, 409, "{\"reason\": \"Conflict\"}").on(CREATED, 201, "{}");

        api.create(configMap(), soon());

        assertThat(server.paths()).containsExactly("GET /api/v1", CREATED, CREATED);
    }

    @Test
    void appliesWhatWasCreatedBefore() {
        server.on(CREATED, 409, "{\"reason\": \"AlreadyExists\"}").on(APPLIED, 200, "{\"kind\": \"old\"}");

        assertThat(api.create(configMap(), soon())).isEqualTo(Map.of("kind", "old"));
        assertThat(server.paths()).containsExactly("GET /api/v1", CREATED, APPLIED);
    }

    @ParameterizedTest
    @CsvSource({
        "500, etcdserver: leader changed",
        "429, too many requests",
        "409, object is being deleted",
        "403, configmaps is forbidden: User \"kubernetes-admin\" cannot patch resource",
        "403, error looking up service account n/default: serviceaccount \"default\" not found"
    })
    void repeatsWhatPassesByItself(int status, String message) {
        server.on(APPLIED, status, "{\"message\": \"%s\"}".formatted(message.replace("\"", "\\\"")))
                .on(APPLIED, 200, "{}");

        api.apply(configMap(), soon());

        assertThat(server.paths()).containsExactly("GET /api/v1", APPLIED, APPLIED);
    }

    @Test
    void repeatsWhileTheServerStarts() {
        server.broken(APPLIED, "Connection reset").on(APPLIED, 200, "{}");

        api.apply(configMap(), soon());

        assertThat(server.paths()).hasSize(3);
    }

    @ParameterizedTest
    @CsvSource({
        "422, ConfigMap is invalid",
        "403, pods \"a\" is forbidden: violates PodSecurity \"restricted:latest\"",
        "500, failed to create typed patch object (n/c; /v1): .dta: field not declared in schema"
    })
    void failsAtOnceWithTheServersWordsWhenRepeatingIsUseless(int status, String message) {
        server.on(APPLIED, status, "{\"message\": \"%s\"}".formatted(message.replace("\"", "\\\"")));

        assertThatThrownBy(() -> api.apply(configMap(), soon()))
                .hasMessage("Applying configmap/c in namespace n failed (HTTP %d): %s", status, message)
                .satisfies(kind(FailureKind.FAILED));
        assertThat(server.paths()).hasSize(2);
    }

    @Test
    void namesTheObjectAndTheLastAnswerWhenTimeRunsOut() {
        server.broken(APPLIED, "Connection refused");

        assertThatThrownBy(() -> api.apply(configMap(), Deadline.in(Duration.ofMillis(300))))
                .hasMessageContaining("configmap/c in namespace n")
                .hasMessageContaining("Connection refused")
                .satisfies(kind(FailureKind.TIMEOUT));
    }

    @Test
    void findsAKindThatIsServedLater() {
        var widget = new ObjectReference("example.com/v1", "Widget", "n", "w");
        server.on("GET /apis/example.com/v1", 404, "404 page not found")
                .on(
                        "GET /apis/example.com/v1",
                        200,
                        "{\"resources\": [{\"name\": \"widgets\", \"kind\": \"Widget\"}]}");

        assertThat(api.get(widget, soon())).isEmpty();
        assertThat(api.namespaced("example.com/v1", "Widget", soon())).isFalse();
    }

    @Test
    void readsNothingAsEmpty() {
        assertThat(api.get(ObjectReference.pod("n", "gone"), soon())).isEmpty();
    }

    @Test
    void asksForTheKindsOfAVersionOnce() {
        api.get(ObjectReference.pod("n", "a"), soon());
        api.get(ObjectReference.pod("n", "b"), soon());

        assertThat(server.paths())
                .containsExactly("GET /api/v1", "GET /api/v1/namespaces/n/pods/a", "GET /api/v1/namespaces/n/pods/b");
    }

    @Test
    void tellsTheKindOfListedObjects() {
        server.on("GET /api/v1/namespaces/n/pods?labelSelector=app%3Dx", 200, "{\"items\": [{\"metadata\": {}}]}");

        assertThat(api.list("v1", "Pod", "n", "app=x", soon()))
                .isEqualTo(List.of(Map.of("apiVersion", "v1", "kind", "Pod", "metadata", Map.of())));
    }

    @Test
    void hasNoLogBeforeTheContainerStarts() {
        server.on("GET /api/v1/namespaces/n/pods/p/log?container=c&tailLines=3&previous=true", 400, "{}");

        assertThat(api.logs(ObjectReference.pod("n", "p"), "c", 3, true, soon()))
                .isEmpty();
    }

    @Test
    void ordersEventsByTheirLastOccurrence() {
        var selector = "involvedObject.kind%3DPod%2CinvolvedObject.name%3Dp";
        server.on("GET /api/v1/namespaces/n/events?fieldSelector=" + selector, 200, """
                {"items": [
                  {"reason": "third", "eventTime": "2026-01-01T00:00:03.000000Z"},
                  {"reason": "first", "lastTimestamp": "2026-01-01T00:00:01Z"},
                  {"reason": "second", "lastTimestamp": "2026-01-01T00:00:02Z"}]}""");

        assertThat(api.events(ObjectReference.pod("n", "p"), soon()))
                .extracting(event -> event.get("reason"))
                .containsExactly("first", "second", "third");
    }

    @Test
    void deletesWhatIsNotThere() {
        api.delete(ObjectReference.pod("n", "gone"), soon());

        assertThat(server.paths()).contains("DELETE /api/v1/namespaces/n/pods/gone?propagationPolicy=Background");
    }

    @Test
    void asksForATokenThatExpires() {
        server.on("POST /api/v1/namespaces/n/serviceaccounts/worker/token", 201, "{\"status\": {\"token\": \"abc\"}}");

        assertThat(api.token("n", "worker", Duration.ofHours(1), soon())).isEqualTo("abc");
        assertThat(server.asked.get(0).body()).contains("\"expirationSeconds\":3600", "TokenRequest");
    }

    @Test
    void emptiesANamespaceOfAllButWhatIsKept() {
        var own = new FakeTransport()
                .on("GET /api/v1", 200, """
                        {"resources": [
                          {"name": "configmaps", "kind": "ConfigMap", "namespaced": true, "verbs": ["list", "deletecollection"]},
                          {"name": "secrets", "kind": "Secret", "namespaced": true, "verbs": ["list", "deletecollection"]},
                          {"name": "events", "kind": "Event", "namespaced": true, "verbs": ["list", "deletecollection"]},
                          {"name": "bindings", "kind": "Binding", "namespaced": true, "verbs": ["create"]},
                          {"name": "nodes", "kind": "Node", "namespaced": false, "verbs": ["list", "deletecollection"]}]}""")
                .on("GET /apis", 200, "{\"groups\": []}")
                .on("GET /api/v1/namespaces/n/configmaps", 200, """
                        {"items": [{"metadata": {"namespace": "n", "name": "kept"}},
                                   {"metadata": {"namespace": "n", "name": "mine"}}]}""")
                .on("GET /api/v1/namespaces/n/secrets", 200, "{\"items\": []}")
                .on("GET /api/v1/namespaces/n/events", 200, """
                        {"items": [{"metadata": {"namespace": "n", "name": "e"}}]}""")
                .on(
                        "DELETE /api/v1/namespaces/n/configmaps?gracePeriodSeconds=1&propagationPolicy=Background"
                                + "&fieldSelector=metadata.name%21%3Dkept",
                        200, "{}")
                .on("DELETE /api/v1/namespaces/n/events?gracePeriodSeconds=1&propagationPolicy=Background", 200, "{}");

        var left = new HttpKubernetesApi(own, new Wait())
                .deleteContents("n", Set.of(new ObjectReference("v1", "ConfigMap", "n", "kept")), soon());

        assertThat(left).containsExactly(new ObjectReference("v1", "ConfigMap", "n", "mine"));
        assertThat(own.paths()).filteredOn(path -> path.startsWith("DELETE")).hasSize(2);
    }

    private static String group(String name, String... versions) {
        var served = Stream.of(versions)
                .map(version -> "{\"groupVersion\": \"%s/%s\"}".formatted(name, version))
                .toList();
        return "{\"name\": \"%s\", \"versions\": %s, \"preferredVersion\": %s}".formatted(name, served, served.get(0));
    }

    private static String namespaced(String plural, String kind) {
        return "{\"name\": \"%s\", \"kind\": \"%s\", \"namespaced\": true, \"verbs\": [\"list\", \"deletecollection\"]}"
                .formatted(plural, kind);
    }

    @Test
    void emptiesANamespaceOfKindsThatOnlyAnotherVersionThanThePreferredServes() {
        server.on(
                        "GET /apis",
                        200,
                        "{\"groups\": [%s]}".formatted(group("gateway.networking.k8s.io", "v1", "v1alpha2")))
                .on(
                        "GET /apis/gateway.networking.k8s.io/v1",
                        200,
                        "{\"resources\": [%s]}".formatted(namespaced("httproutes", "HTTPRoute")))
                .on(
                        "GET /apis/gateway.networking.k8s.io/v1alpha2",
                        200,
                        "{\"resources\": [%s, %s]}"
                                .formatted(namespaced("httproutes", "HTTPRoute"), namespaced("tcproutes", "TCPRoute")))
                .on("GET /apis/gateway.networking.k8s.io/v1/namespaces/n/httproutes", 200, "{\"items\": []}")
                .on("GET /apis/gateway.networking.k8s.io/v1alpha2/namespaces/n/tcproutes", 200, """
                        {"items": [{"metadata": {"namespace": "n", "name": "mine"}}]}""")
                .on(
                        "DELETE /apis/gateway.networking.k8s.io/v1alpha2/namespaces/n/tcproutes"
                                + "?gracePeriodSeconds=1&propagationPolicy=Background",
                        200,
                        "{}");

        assertThat(api.deleteContents("n", Set.of(), soon()))
                .containsExactly(new ObjectReference("gateway.networking.k8s.io/v1alpha2", "TCPRoute", "n", "mine"));
        assertThat(server.paths())
                .contains("GET /apis/gateway.networking.k8s.io/v1/namespaces/n/httproutes")
                .doesNotContain("GET /apis/gateway.networking.k8s.io/v1alpha2/namespaces/n/httproutes");
    }

    @Test
    void leavesOutAServerBehindTheApiServerThatIsDownWhateverItsName() {
        server.on("GET /apis", 200, "{\"groups\": [%s]}".formatted(group("metrics.k8s.io", "v1beta1", "v1")))
                .on("GET /apis/metrics.k8s.io/v1beta1", 503, "service unavailable");

        assertThat(api.deleteContents("n", Set.of(), Deadline.in(Duration.ofSeconds(20))))
                .isEmpty();
        assertThat(server.paths()).doesNotContain("GET /apis/metrics.k8s.io/v1");
    }

    @Test
    void asksForTheKindsOfKubernetesOnceAndForOthersEachTime() {
        server.on(
                        "GET /apis",
                        200,
                        "{\"groups\": [%s, %s]}"
                                .formatted(group("networking.k8s.io", "v1"), group("gateway.networking.k8s.io", "v1")))
                .on("GET /apis/networking.k8s.io/v1", 200, "{\"resources\": []}")
                .on("GET /apis/gateway.networking.k8s.io/v1", 200, "{\"resources\": []}");

        api.deleteContents("n", Set.of(), soon());
        api.deleteContents("n", Set.of(), soon());

        assertThat(server.paths())
                .containsExactly(
                        "GET /api/v1",
                        "GET /apis",
                        "GET /apis/networking.k8s.io/v1",
                        "GET /apis/gateway.networking.k8s.io/v1",
                        "GET /apis",
                        "GET /apis/gateway.networking.k8s.io/v1");
    }

    @Test
    void tellsWhichCheckKeepsTheServerFromBeingReady() {
        server.on("GET /readyz", 500, "[+]ping ok\n[-]etcd failed: reason withheld\n");

        assertThat(api.reachable(soon()))
                .isEqualTo(Answer.notYet("the API server is not ready: [+]ping ok; [-]etcd failed: reason withheld"));
    }
}
