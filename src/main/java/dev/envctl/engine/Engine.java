package dev.envctl.engine;

import dev.envctl.readiness.Deadline;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What envctl asks of a container engine. Every call is bounded by the deadline given or by the engine's own time-out,
 * and fails with an {@link dev.envctl.EnvctlException} that names the engine, the address and the object.
 */
public interface Engine extends AutoCloseable {
    EngineKind kind();

    /** The engine's own version, such as {@code 4.3.1}. */
    String version();

    /** Where its API answers, such as {@code unix:///run/podman/podman.sock}. */
    String address();

    /** Variables that kind and the engine's own program need to reach this same engine. */
    Map<String, String> environment();

    /** Makes a bridge network; one of that name that is already there is left as it is. */
    void createNetwork(String name, Map<String, String> labels);

    /** Containers in any state that carry this label. */
    List<Container> containers(String label, String value);

    /** All volumes by name, each with its labels. */
    Map<String, Map<String, String>> volumes();

    /** Networks that carry a label of this name, whatever its value, each with all its labels. */
    Map<String, Map<String, String>> networks(String label);

    /** Networks that carry this label, each with all its labels. */
    Map<String, Map<String, String>> networks(String label, String value);

    /**
     * Ends and removes a container at once, with its anonymous volumes; one that is gone already is fine.
     *
     * @param id its id or its name
     */
    void removeContainer(String id);

    /** One that is gone already is fine. */
    void removeVolume(String name);

    /** One that is gone already is fine. */
    void removeNetwork(String name);

    /** Host ports that containers publish, also where no process listens on them. */
    Set<Integer> publishedPorts();

    Optional<EngineImage> image(String reference);

    /** Loads an image archive (OCI or Docker layout). */
    void loadImage(Path archive, Deadline deadline);

    /** Gives an image one more name, {@code repository:tag}. */
    void tagImage(String image, String repository, String tag);

    /** Runs a program inside a container, without standard input. */
    Execution execute(String container, List<String> command, Deadline deadline);

    /** The last lines of a container's log. */
    List<String> log(String container, int lines);

    @Override
    void close();
}
