package dev.envctl.environment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.envctl.kubernetes.FakeKubernetesApi;
import dev.envctl.kubernetes.ObjectReference;
import dev.envctl.readiness.Deadline;
import dev.envctl.readiness.Wait;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WorkerRightsTest {
    private static final ObjectReference OWN = new ObjectReference("v1", "ServiceAccount", "worker-1", "worker");
    private static final ObjectReference STANDARD = new ObjectReference("v1", "ServiceAccount", "worker-1", "default");
    private static final ObjectReference BINDING =
            new ObjectReference("rbac.authorization.k8s.io/v1", "RoleBinding", "worker-1", "worker");

    private final FakeKubernetesApi api = new FakeKubernetesApi();
    private final WorkerRights rights = new WorkerRights(api, new Wait(), Map.of("dev.envctl.id", "x1"), false);
    private Map<ObjectReference, Map<String, Object>> atFirst = Map.of();

    private static Deadline soon() {
        return Deadline.in(Duration.ofSeconds(5));
    }

    /** As the API server has it: with what it adds itself. */
    @BeforeEach
    void give() {
        rights.give("worker-1", soon());
        api.objects.put(
                STANDARD,
                Map.of(
                        "apiVersion",
                        "v1",
                        "kind",
                        "ServiceAccount",
                        "metadata",
                        Map.of("name", "default", "namespace", "worker-1")));
        atFirst = new HashMap<>(api.objects);
        for (var reference : List.of(OWN, STANDARD, BINDING)) {
            change(reference, object -> {
                var metadata = new HashMap<>((Map<?, ?>) object.getOrDefault("metadata", Map.of()));
                object.put(
                        "metadata",
                        with(metadata, Map.of("uid", "u", "resourceVersion", "7", "managedFields", List.of())));
            });
        }
        api.applied.clear();
    }

    private static Map<Object, Object> with(Map<?, ?> some, Map<?, ?> more) {
        var all = new HashMap<Object, Object>(some);
        all.putAll(more);
        return all;
    }

    private void change(ObjectReference reference, Consumer<Map<String, Object>> change) {
        var object = new HashMap<>(api.objects.getOrDefault(reference, Map.of()));
        change.accept(object);
        api.objects.put(reference, object);
    }

    @Test
    void leavesAloneWhatNobodyChanged() {
        assertThat(rights.restore("worker-1", soon())).isEqualTo("u");

        assertThat(api.applied).isEmpty();
    }

    /** A token is good for as long as its account is the same. */
    @Test
    void leavesAloneWhatAnEarlierPrimaryMade() {
        api.objects.clear();
        rights(1).give("worker-1", soon());
        api.objects.put(STANDARD, atFirst.getOrDefault(STANDARD, Map.of()));
        api.applied.clear();
        var there = Map.copyOf(api.objects);

        rights(2).restore("worker-1", soon());

        assertThat(api.applied).isEmpty();
        assertThat(api.objects).isEqualTo(there);
    }

    @Test
    void makesAnewWhatTheWorkerChangedBeforeATakeover() {
        api.objects.clear();
        rights(1).give("worker-1", soon());
        api.objects.put(STANDARD, atFirst.getOrDefault(STANDARD, Map.of()));
        change(OWN, account -> account.put("imagePullSecrets", List.of(Map.of("name", "mine"))));
        api.applied.clear();

        rights(2).restore("worker-1", soon());

        assertThat(api.applied).containsExactly(OWN);
    }

    private WorkerRights rights(int epoch) {
        var labels = Map.of("dev.envctl.id", "x1", "dev.envctl.epoch", Integer.toString(epoch));
        return new WorkerRights(api, new Wait(), labels, false);
    }

    @Test
    void makesAccountsAnewThatTheWorkerChanged() {
        change(STANDARD, account -> account.put("automountServiceAccountToken", false));
        change(OWN, account -> account.put("imagePullSecrets", List.of(Map.of("name", "mine"))));

        assertThat(rights.restore("worker-1", soon())).isNotEqualTo("u");

        assertThat(api.applied).containsExactly(STANDARD, OWN);
        assertThat(api.objects).containsEntry(STANDARD, atFirst.get(STANDARD)).containsEntry(OWN, atFirst.get(OWN));
    }

    @Test
    void makesABindingAnewThatRefersToAnotherRole() {
        change(BINDING, binding -> binding.put("roleRef", Map.of("kind", "ClusterRole", "name", "view")));

        rights.restore("worker-1", soon());

        assertThat(api.applied).containsExactly(BINDING);
        assertThat(api.objects).containsEntry(BINDING, atFirst.get(BINDING));
    }

    @Test
    void makesWhatTheWorkerDeleted() {
        List.of(OWN, STANDARD, BINDING).forEach(api.objects::remove);

        rights.restore("worker-1", soon());

        assertThat(api.objects).containsExactlyInAnyOrderEntriesOf(atFirst);
    }
}
