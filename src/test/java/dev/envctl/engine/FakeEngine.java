package dev.envctl.engine;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.readiness.Deadline;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;

/** An engine in memory, whose things can refuse to go once, and can appear late. */
public final class FakeEngine implements Engine {
    private final Map<String, Container> containers = new LinkedHashMap<>();
    private final Map<String, Map<String, String>> volumes = new LinkedHashMap<>();
    private final Map<String, Map<String, String>> networks = new LinkedHashMap<>();
    private final Map<String, Runnable> onRemoval = new HashMap<>();

    /** Names of all things that were asked to go, in order. */
    public final List<String> removed = new ArrayList<>();

    /** What was to run in containers, in order. */
    public final List<List<String>> executed = new ArrayList<>();

    private BiFunction<String, List<String>, Execution> execution = (container, command) -> {
        throw new UnsupportedOperationException("nothing is run in a container here");
    };

    /** Runs before the next listing of containers, and only once. */
    private Runnable beforeListing = () -> {};

    public FakeEngine container(String name, Map<String, String> labels) {
        containers.put(name, new Container("id-of-" + name, name, "running", labels));
        return this;
    }

    public FakeEngine volume(String name, Map<String, String> labels) {
        volumes.put(name, labels);
        return this;
    }

    /** The first removal of this fails. */
    public FakeEngine refusesOnce(String name) {
        onRemoval.put(name, () -> {
            throw new EnvctlException(FailureKind.FAILED, name + " is in use", "");
        });
        return this;
    }

    /** The removal of this is interrupted. */
    public FakeEngine interruptedAt(String name) {
        onRemoval.put(name, () -> {
            throw new EnvctlException(FailureKind.INTERRUPTED, "interrupted", "");
        });
        return this;
    }

    /** Happens just after this has gone. */
    public FakeEngine afterRemovalOf(String name, Runnable event) {
        onRemoval.put(name, event);
        return this;
    }

    /** Answers programs in containers, by the container's name and the command. */
    public FakeEngine executes(BiFunction<String, List<String>, Execution> answer) {
        execution = answer;
        return this;
    }

    public FakeEngine beforeNextListing(Runnable event) {
        beforeListing = event;
        return this;
    }

    public boolean isEmpty() {
        return containers.isEmpty() && volumes.isEmpty() && networks.isEmpty();
    }

    @Override
    public EngineKind kind() {
        return EngineKind.PODMAN;
    }

    @Override
    public String version() {
        return "0";
    }

    @Override
    public String address() {
        return "unix:///nowhere";
    }

    @Override
    public Map<String, String> environment() {
        return Map.of("KIND_EXPERIMENTAL_PROVIDER", "podman");
    }

    @Override
    public void createNetwork(String name, Map<String, String> labels) {
        networks.put(name, labels);
    }

    @Override
    public synchronized List<Container> containers(String label, String value) {
        var event = beforeListing;
        beforeListing = () -> {};
        event.run();
        return containers.values().stream()
                .filter(container -> value.equals(container.labels().get(label)))
                .toList();
    }

    @Override
    public Map<String, Map<String, String>> volumes() {
        return Map.copyOf(volumes);
    }

    @Override
    public Map<String, Map<String, String>> networks(String label) {
        var found = new LinkedHashMap<>(networks);
        found.values().removeIf(labels -> !labels.containsKey(label));
        return found;
    }

    @Override
    public Map<String, Map<String, String>> networks(String label, String value) {
        var found = new LinkedHashMap<String, Map<String, String>>();
        networks.forEach((name, labels) -> {
            if (value.equals(labels.get(label))) {
                found.put(name, labels);
            }
        });
        return found;
    }

    @Override
    public synchronized void removeContainer(String id) {
        remove(containers, id.replaceFirst("^id-of-", ""));
    }

    @Override
    public void removeVolume(String name) {
        remove(volumes, name);
    }

    @Override
    public void removeNetwork(String name) {
        remove(networks, name);
    }

    private void remove(Map<String, ?> things, String name) {
        removed.add(name);
        Optional.ofNullable(onRemoval.remove(name)).ifPresent(Runnable::run);
        things.remove(name);
    }

    @Override
    public Set<Integer> publishedPorts() {
        return Set.of();
    }

    @Override
    public Optional<EngineImage> image(String reference) {
        return Optional.empty();
    }

    @Override
    public void loadImage(Path archive, Deadline deadline) {
        throw new UnsupportedOperationException("no image is loaded here");
    }

    @Override
    public void tagImage(String image, String repository, String tag) {
        throw new UnsupportedOperationException("no image is tagged here");
    }

    @Override
    public synchronized Execution execute(String container, List<String> command, Deadline deadline) {
        executed.add(command);
        return execution.apply(container, command);
    }

    @Override
    public List<String> log(String container, int lines) {
        return List.of();
    }

    @Override
    public void close() {}
}
