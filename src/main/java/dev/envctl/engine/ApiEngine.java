package dev.envctl.engine;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.InspectVolumeResponse;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.exception.NotModifiedException;
import com.github.dockerjava.api.model.Network;
import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.readiness.Deadline;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** An engine behind the Docker-compatible API, asked with docker-java. */
final class ApiEngine implements Engine {
    private final EngineKind kind;
    private final URI host;
    private final Map<String, String> environment;
    private final Duration callLimit;
    private final EngineCalls calls;
    private final Runnable onClose;
    private @Nullable String version;

    /**
     * @param callLimit how long one answer may take
     * @param beforeCall makes sure that something listens at {@code host}
     */
    ApiEngine(
            EngineKind kind,
            URI host,
            Map<String, String> environment,
            Duration callLimit,
            Runnable beforeCall,
            Runnable onClose) {
        this.kind = kind;
        this.host = host;
        this.environment = Map.copyOf(environment);
        this.callLimit = callLimit;
        this.calls = new EngineCalls(kind, host, callLimit, beforeCall);
        this.onClose = onClose;
    }

    @Override
    public EngineKind kind() {
        return kind;
    }

    @Override
    public String address() {
        return host.toString();
    }

    @Override
    public Map<String, String> environment() {
        return environment;
    }

    @Override
    public synchronized String version() {
        var known = version;
        if (known == null) {
            known = calls.greeting()
                    .orElseGet(() -> calls.ask(
                            "its version", client -> client.versionCmd().exec().getVersion()));
            version = known;
        }
        return known;
    }

    @Override
    public void createNetwork(String name, Map<String, String> labels) {
        calls.ask("network " + name, client -> {
            try {
                return client.createNetworkCmd()
                        .withName(name)
                        .withDriver("bridge")
                        .withLabels(labels)
                        .exec()
                        .getId();
            } catch (ConflictException e) {
                return name;
            }
        });
    }

    @Override
    public List<Container> containers(String label, String value) {
        return calls.ask(
                "containers labelled %s=%s".formatted(label, value),
                client ->
                        client
                                .listContainersCmd()
                                .withShowAll(true)
                                .withLabelFilter(Map.of(label, value))
                                .exec()
                                .stream()
                                .map(found -> new Container(
                                        found.getId(),
                                        withoutSlash(found.getNames()[0]),
                                        String.valueOf(found.getState()),
                                        Optional.ofNullable(found.getLabels()).orElse(Map.of())))
                                .toList());
    }

    @Override
    public Map<String, Map<String, String>> volumes() {
        return calls.ask(
                "its volumes",
                client -> Stream.ofNullable(client.listVolumesCmd().exec().getVolumes())
                        .flatMap(List::stream)
                        .collect(Collectors.toMap(
                                InspectVolumeResponse::getName,
                                volume ->
                                        Optional.ofNullable(volume.getLabels()).orElse(Map.of()))));
    }

    @Override
    public Map<String, Map<String, String>> networks(String label, String value) {
        return networks(label + "=" + value);
    }

    @Override
    public Map<String, Map<String, String>> networks(String label) {
        return calls.ask(
                "networks labelled " + label,
                client -> client.listNetworksCmd().withFilter("label", List.of(label)).exec().stream()
                        .collect(Collectors.toMap(
                                Network::getName,
                                network ->
                                        Optional.ofNullable(network.getLabels()).orElse(Map.of()))));
    }

    /** Killed first: Podman's forced removal waits up to ten seconds for a node to stop, and nothing in it is to be saved. */
    @Override
    public void removeContainer(String id) {
        calls.ask("container " + id, client -> {
            try {
                client.killContainerCmd(id).exec();
                return true;
            } catch (DockerException e) {
                // It does not run, in one of many words (Podman 4.3: 500 for one that was only created): no matter.
                return false;
            }
        });
        unlessGone(
                "container " + id,
                client -> client.removeContainerCmd(id)
                        .withForce(true)
                        .withRemoveVolumes(true)
                        .exec());
    }

    @Override
    public void removeVolume(String name) {
        unlessGone("volume " + name, client -> client.removeVolumeCmd(name).exec());
    }

    @Override
    public void removeNetwork(String name) {
        unlessGone("network " + name, client -> client.removeNetworkCmd(name).exec());
    }

    @Override
    public Set<Integer> publishedPorts() {
        return calls.ask(
                "the ports of all containers",
                client -> client.listContainersCmd().exec().stream()
                        .flatMap(container -> Stream.ofNullable(container.getPorts()))
                        .flatMap(Arrays::stream)
                        .map(port -> port.getPublicPort())
                        .filter(port -> port != null && port > 0)
                        .collect(Collectors.toCollection(HashSet::new)));
    }

    @Override
    public Optional<EngineImage> image(String reference) {
        return calls.ask("image " + reference, client -> {
            try {
                var found = client.inspectImageCmd(reference).exec();
                var digests = Optional.ofNullable(found.getRepoDigests()).orElse(List.of());
                return Optional.of(new EngineImage(withAlgorithm(String.valueOf(found.getId())), Set.copyOf(digests)));
            } catch (NotFoundException e) {
                return Optional.empty();
            }
        });
    }

    @Override
    public void loadImage(Path archive, Deadline deadline) {
        calls.ask("image archive " + archive, deadline.remainingForCall(), client -> {
            try (var stream = new BufferedInputStream(Files.newInputStream(archive), 1 << 20)) {
                client.loadImageCmd(stream).exec();
                return archive;
            } catch (IOException e) {
                throw new EnvctlException(
                        FailureKind.FAILED,
                        "The image archive %s cannot be read: %s".formatted(archive, e.getMessage()),
                        "Remove it and run the command again to fetch it anew.",
                        e);
            }
        });
    }

    @Override
    public void tagImage(String image, String repository, String tag) {
        calls.ask("image " + image, client -> {
            client.tagImageCmd(image, repository, tag).exec();
            return image;
        });
    }

    @Override
    public Execution execute(String container, List<String> command, Deadline deadline) {
        var what = "`%s` in container %s".formatted(String.join(" ", command), container);
        return calls.ask(what, deadline.remainingForCall(), client -> {
            var id = client.execCreateCmd(container)
                    .withCmd(command.toArray(String[]::new))
                    .withAttachStdout(true)
                    .withAttachStderr(true)
                    .exec()
                    .getId();
            var output = CollectedOutput.of(client.execStartCmd(id).exec(new CollectedOutput()), what, deadline);
            var exitCode = client.inspectExecCmd(id).exec().getExitCodeLong();
            return new Execution(exitCode == null ? -1 : exitCode.intValue(), output);
        });
    }

    @Override
    public List<String> log(String container, int lines) {
        var what = "the log of container " + container;
        return calls.ask(
                what,
                client -> CollectedOutput.of(
                                client.logContainerCmd(container)
                                        .withStdOut(true)
                                        .withStdErr(true)
                                        .withTail(lines)
                                        .exec(new CollectedOutput()),
                                what,
                                Deadline.in(callLimit))
                        .lines()
                        .toList());
    }

    @Override
    public void close() {
        onClose.run();
    }

    private void unlessGone(String what, Function<DockerClient, @Nullable Void> removal) {
        calls.ask(what, client -> {
            try {
                removal.apply(client);
                return true;
            } catch (NotFoundException | NotModifiedException e) {
                return false;
            }
        });
    }

    private static String withoutSlash(String name) {
        return name.startsWith("/") ? name.substring(1) : name;
    }

    private static String withAlgorithm(String id) {
        return id.startsWith("sha256:") ? id : "sha256:" + id;
    }
}
