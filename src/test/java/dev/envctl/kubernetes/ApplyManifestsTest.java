package dev.envctl.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.envctl.readiness.Deadline;
import dev.envctl.readiness.Wait;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ApplyManifestsTest {
    private final FakeKubernetesApi api = new FakeKubernetesApi();

    private List<ObjectReference> apply(String yaml) {
        return new ApplyManifests(api, new Wait())
                .apply(
                        ManifestFiles.parse("a.yaml", yaml),
                        "mine",
                        Map.of("dev.envctl.id", "x1"),
                        Deadline.in(Duration.ofSeconds(5)),
                        reason -> {});
    }

    @Test
    void appliesDefinitionsThenNamespacesThenTheRestAsWritten() {
        apply("""
                {apiVersion: example.com/v1, kind: Widget, metadata: {name: w}}
                ---
                {apiVersion: v1, kind: ConfigMap, metadata: {name: c, namespace: other}}
                ---
                {apiVersion: v1, kind: Namespace, metadata: {name: other}}
                ---
                apiVersion: apiextensions.k8s.io/v1
                kind: CustomResourceDefinition
                metadata: {name: d}
                status: {conditions: [{type: Established, status: "True"}]}
                """);

        assertThat(api.applied)
                .extracting(ObjectReference::toString)
                .containsExactly(
                        "customresourcedefinition/d",
                        "namespace/other",
                        "namespace/mine",
                        "widget/w in namespace mine",
                        "configmap/c in namespace other");
    }

    @Test
    void addsLabelsToThoseTheObjectHas() {
        var reference = apply("{apiVersion: v1, kind: ConfigMap, metadata: {name: c, labels: {a: b}}}")
                .get(0);

        assertThat(Fields.of(api.objects.get(reference))
                        .at("metadata", "labels")
                        .object())
                .isEqualTo(Map.of("a", "b", "dev.envctl.id", "x1"));
    }

    @Test
    void leavesAloneANamespaceThatIsThere() {
        api.objects.put(ObjectReference.namespace("mine"), Map.of());

        apply("{apiVersion: v1, kind: ConfigMap, metadata: {name: c}}");

        assertThat(api.applied).hasSize(1);
    }

    @Test
    void namesThePlaceOfAManifestThatIsRefused() {
        api.down = true;

        assertThatThrownBy(() -> apply("\n{apiVersion: v1, kind: Namespace, metadata: {name: c}}"))
                .hasMessage("a.yaml:2: nobody answers");
    }
}
