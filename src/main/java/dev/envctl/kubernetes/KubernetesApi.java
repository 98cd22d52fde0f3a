package dev.envctl.kubernetes;

import dev.envctl.readiness.Answer;
import dev.envctl.readiness.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One API server. Objects are plain maps, lists, strings, longs, doubles and booleans, as YAML and JSON hold them.
 *
 * <p>Every call but {@link #reachable} repeats what can pass by itself (no connection, 409, 429, 5xx, rights that are
 * still being set up) until its deadline, and then fails with an {@link dev.envctl.EnvctlException} of kind TIMEOUT
 * that names the object and the last answer. Any other refusal fails at once with kind FAILED.
 */
public interface KubernetesApi extends AutoCloseable {
    /** Asks {@code /readyz} once. */
    Answer<KubernetesApi> reachable(Deadline deadline);

    /** Such as {@code v1.34.4}. */
    String serverVersion(Deadline deadline);

    /**
     * Creates or updates one object by server-side apply as field manager {@code envctl}, taking over fields that
     * others own. An object of a namespaced kind that names no namespace goes to {@code default}.
     *
     * @return the object as the server holds it now
     */
    Map<String, Object> apply(Map<String, Object> object, Deadline deadline);

    /**
     * As {@link #apply}, and cheaper for the server where there is no such object yet.
     *
     * @return the object as the server holds it now
     */
    Map<String, Object> create(Map<String, Object> object, Deadline deadline);

    /** Whether objects of this kind live in a namespace. */
    boolean namespaced(String apiVersion, String kind, Deadline deadline);

    /** Empty where there is no such object, or no such kind. */
    Optional<Map<String, Object>> get(ObjectReference reference, Deadline deadline);

    /**
     * The objects of a kind.
     *
     * @param namespace where to look; empty for everywhere
     * @param labelSelector such as {@code app=postgres}; empty for all
     */
    List<Map<String, Object>> list(
            String apiVersion, String kind, String namespace, String labelSelector, Deadline deadline);

    /** Asks for deletion, dependants in the background; fine where there is no such object. Does not wait for the end. */
    void delete(ObjectReference reference, Deadline deadline);

    /**
     * Asks for the deletion of everything in a namespace, pods without grace. Does not wait for the end.
     *
     * @param kept what stays
     * @return what was still there, finalizers and all; empty once nothing is
     */
    List<ObjectReference> deleteContents(String namespace, Set<ObjectReference> kept, Deadline deadline);

    /**
     * Asks for a token of a ServiceAccount.
     *
     * @param life how long it is to be good; a server gives at least ten minutes and may give less than was asked for
     */
    String token(String namespace, String account, Duration life, Deadline deadline);

    /**
     * The end of a container's log, oldest line first; empty where the container has none (yet).
     *
     * @param previous of the container instance before the last restart
     */
    List<String> logs(ObjectReference pod, String container, int lines, boolean previous, Deadline deadline);

    /** How much memory a node uses, asked of its kubelet. */
    NodeUsage usage(String node, Deadline deadline);

    /** The events about one object, oldest first. */
    List<Map<String, Object>> events(ObjectReference reference, Deadline deadline);

    @Override
    void close();
}
