package dev.envctl.scripted;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.engine.Container;
import dev.envctl.engine.Engine;
import dev.envctl.engine.EngineImage;
import dev.envctl.engine.EngineKind;
import dev.envctl.engine.Execution;
import dev.envctl.readiness.Deadline;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** The host's engine as one process reaches it. What was asked for halfway is done a little after the caller's death. */
final class ScriptedEngine implements Engine {
    private final EngineKind kind;
    private final World world;
    private final Life life;

    ScriptedEngine(EngineKind kind, World world, Life life) {
        this.kind = kind;
        this.world = world;
        this.life = life;
    }

    private void change(String what, Runnable effect) {
        life.<Boolean, RuntimeException>step(
                "engine: " + what,
                () -> {
                    world.later(effect);
                    return true;
                },
                () -> {
                    effect.run();
                    return true;
                });
    }

    private <T> T look(String what, Life.Effect<T, RuntimeException> question) {
        return life.step("engine: " + what, question, question);
    }

    @Override
    public EngineKind kind() {
        return kind;
    }

    @Override
    public String version() {
        return "4.3.1";
    }

    @Override
    public String address() {
        return "unix:///scripted/" + kind;
    }

    @Override
    public Map<String, String> environment() {
        return Map.of("KIND_EXPERIMENTAL_PROVIDER", "podman");
    }

    @Override
    public void createNetwork(String name, Map<String, String> labels) {
        change("create network", () -> world.networks.putIfAbsent(name, labels));
    }

    @Override
    public List<Container> containers(String label, String value) {
        return look(
                "containers",
                () -> world.nodes.values().stream()
                        .map(node -> new Container(
                                node.id(),
                                node.name,
                                node.running ? "running" : "created",
                                Map.of("io.x-k8s.kind.cluster", node.cluster)))
                        .filter(container -> value.equals(container.labels().get(label)))
                        .toList());
    }

    @Override
    public Map<String, Map<String, String>> volumes() {
        return look("volumes", () -> Map.copyOf(world.volumes));
    }

    @Override
    public Map<String, Map<String, String>> networks(String label) {
        return networks(labels -> labels.containsKey(label));
    }

    @Override
    public Map<String, Map<String, String>> networks(String label, String value) {
        return networks(labels -> value.equals(labels.get(label)));
    }

    private Map<String, Map<String, String>> networks(Predicate<Map<String, String>> wanted) {
        return look("networks", () -> {
            var found = new LinkedHashMap<String, Map<String, String>>();
            world.networks.forEach((name, labels) -> {
                if (wanted.test(labels)) {
                    found.put(name, labels);
                }
            });
            return found;
        });
    }

    @Override
    public void removeContainer(String id) {
        change("remove container", () -> world.nodes.remove(id.replaceFirst("^id-of-", "")));
    }

    @Override
    public void removeVolume(String name) {
        change("remove volume", () -> {
            if (world.nodes.values().stream().anyMatch(node -> node.volume.equals(name))) {
                throw new EnvctlException(FailureKind.FAILED, "volume " + name + " is being used", "");
            }
            world.volumes.remove(name);
        });
    }

    @Override
    public void removeNetwork(String name) {
        change("remove network", () -> {
            if (world.nodes.values().stream().anyMatch(node -> node.network.equals(name))) {
                throw new EnvctlException(FailureKind.FAILED, "network " + name + " is being used", "");
            }
            world.networks.remove(name);
        });
    }

    @Override
    public Set<Integer> publishedPorts() {
        return look(
                "ports",
                () -> world.nodes.values().stream()
                        .map(node -> node.port)
                        .collect(java.util.stream.Collectors.toSet()));
    }

    @Override
    public Optional<EngineImage> image(String reference) {
        return look("image", Optional::empty);
    }

    @Override
    public void loadImage(Path archive, Deadline deadline) {
        change("load image", () -> {});
    }

    @Override
    public void tagImage(String image, String repository, String tag) {
        throw new UnsupportedOperationException("no image is tagged here");
    }

    /** Leaves Podman's watcher of the container behind. Who waits for the kubeconfig is told whether it is there. */
    @Override
    public Execution execute(String container, List<String> command, Deadline deadline) {
        change("execute", () -> world.processes.add(new World.Running("conmon", container)));
        if (!String.join(" ", command).contains(World.ADMIN_KUBECONFIG)) {
            return new Execution(0, "");
        }
        return look(
                "read the kubeconfig",
                () -> Optional.ofNullable(world.nodes.get(container))
                        .map(node -> node.files.get(World.ADMIN_KUBECONFIG))
                        .map(text -> new Execution(0, text))
                        .orElseGet(() -> new Execution(1, "")));
    }

    @Override
    public List<String> log(String container, int lines) {
        return List.of();
    }

    @Override
    public void close() {}
}
