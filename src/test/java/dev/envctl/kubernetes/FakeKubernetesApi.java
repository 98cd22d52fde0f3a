package dev.envctl.kubernetes;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.readiness.Answer;
import dev.envctl.readiness.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Holds objects in memory, without any controller. */
public final class FakeKubernetesApi implements KubernetesApi {
    public final List<ObjectReference> applied = new ArrayList<>();
    public final Map<ObjectReference, Map<String, Object>> objects = new LinkedHashMap<>();
    final List<Map<String, Object>> pods = new ArrayList<>();
    final Map<String, List<String>> logs = new LinkedHashMap<>();
    List<Map<String, Object>> events = List.of();
    public boolean down;
    private int tokens;
    private final Set<String> withoutNamespace = new HashSet<>(Set.of("Namespace", "CustomResourceDefinition", "Node"));

    private void answer() {
        if (down) {
            throw new EnvctlException(FailureKind.TIMEOUT, "nobody answers", "");
        }
    }

    @Override
    public Answer<KubernetesApi> reachable(Deadline deadline) {
        return down ? Answer.notYet("down") : Answer.ready(this);
    }

    @Override
    public String serverVersion(Deadline deadline) {
        answer();
        return "v1.34.4";
    }

    @Override
    public Map<String, Object> apply(Map<String, Object> object, Deadline deadline) {
        answer();
        applied.add(ObjectReference.of(object));
        objects.putIfAbsent(ObjectReference.of(object), object);
        return object;
    }

    @Override
    public Map<String, Object> create(Map<String, Object> object, Deadline deadline) {
        return apply(object, deadline);
    }

    @Override
    public boolean namespaced(String apiVersion, String kind, Deadline deadline) {
        return !withoutNamespace.contains(kind);
    }

    @Override
    public Optional<Map<String, Object>> get(ObjectReference reference, Deadline deadline) {
        answer();
        return Optional.ofNullable(objects.get(reference));
    }

    @Override
    public List<Map<String, Object>> list(
            String apiVersion, String kind, String namespace, String labelSelector, Deadline deadline) {
        answer();
        return List.copyOf(pods);
    }

    @Override
    public void delete(ObjectReference reference, Deadline deadline) {
        objects.remove(reference);
    }

    @Override
    public List<ObjectReference> deleteContents(String namespace, Set<ObjectReference> kept, Deadline deadline) {
        answer();
        var found = objects.keySet().stream()
                .filter(object -> object.namespace().equals(namespace) && !kept.contains(object))
                .toList();
        found.forEach(objects::remove);
        return found;
    }

    @Override
    public String token(String namespace, String account, Duration life, Deadline deadline) {
        answer();
        tokens++;
        return "token %d of %s/%s".formatted(tokens, namespace, account);
    }

    @Override
    public List<String> logs(ObjectReference pod, String container, int lines, boolean previous, Deadline deadline) {
        return logs.getOrDefault(container + (previous ? " previous" : ""), List.of());
    }

    @Override
    public NodeUsage usage(String node, Deadline deadline) {
        answer();
        return new NodeUsage(node, 0, 0, Map.of());
    }

    @Override
    public List<Map<String, Object>> events(ObjectReference reference, Deadline deadline) {
        return events;
    }

    @Override
    public void close() {}
}
