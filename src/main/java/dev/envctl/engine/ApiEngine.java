package dev.envctl.engine;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.command.InspectVolumeResponse;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.exception.NotModifiedException;
import com.github.dockerjava.api.model.Frame;
import com.github.dockerjava.api.model.Network;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.transport.DockerHttpClient;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.readiness.Deadline;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An engine behind the Docker-compatible API, asked with docker-java.
 *
 * <p>Every call opens a client of its own: Podman closes connections after ten idle seconds and docker-java would reuse
 * them unchecked (docker-java#2682).
 */
final class ApiEngine implements Engine {
    private static final Pattern SERVER = Pattern.compile("(?:Libpod|Docker)/(\\S+)");

    private final EngineKind kind;
    private final URI host;
    private final Map<String, String> environment;
    private final Duration callLimit;
    private final Runnable beforeCall;
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
        this.beforeCall = beforeCall;
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
            known = reach("its version", callLimit, (config, transport) -> greeting(transport))
                    .orElseGet(() -> ask(
                            "its version", client -> client.versionCmd().exec().getVersion()));
            version = known;
        }
        return known;
    }

    @Override
    public void createNetwork(String name, Map<String, String> labels) {
        ask("network " + name, client -> {
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
        return ask(
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
        return ask(
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
        return ask(
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
        ask("container " + id, client -> {
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
        return ask(
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
        return ask("image " + reference, client -> {
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
        ask("image archive " + archive, deadline.remainingForCall(), client -> {
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
        ask("image " + image, client -> {
            client.tagImageCmd(image, repository, tag).exec();
            return image;
        });
    }

    @Override
    public Execution execute(String container, List<String> command, Deadline deadline) {
        var what = "`%s` in container %s".formatted(String.join(" ", command), container);
        return ask(what, deadline.remainingForCall(), client -> {
            var id = client.execCreateCmd(container)
                    .withCmd(command.toArray(String[]::new))
                    .withAttachStdout(true)
                    .withAttachStderr(true)
                    .exec()
                    .getId();
            var output = collect(client.execStartCmd(id).exec(new Output()), what, deadline);
            var exitCode = client.inspectExecCmd(id).exec().getExitCodeLong();
            return new Execution(exitCode == null ? -1 : exitCode.intValue(), output);
        });
    }

    @Override
    public List<String> log(String container, int lines) {
        var what = "the log of container " + container;
        return ask(
                what,
                client -> collect(
                                client.logContainerCmd(container)
                                        .withStdOut(true)
                                        .withStdErr(true)
                                        .withTail(lines)
                                        .exec(new Output()),
                                what,
                                Deadline.in(callLimit))
                        .lines()
                        .toList());
    }

    @Override
    public void close() {
        onClose.run();
    }

    private String collect(Output output, String what, Deadline deadline) {
        try (output) {
            if (output.awaitCompletion(deadline.remainingForCall().toMillis(), TimeUnit.MILLISECONDS)) {
                return output.text();
            }
            throw new EnvctlException(
                    FailureKind.TIMEOUT,
                    "%s did not end within %d s: %s"
                            .formatted(what, deadline.limit().toSeconds(), output.text()),
                    "");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EnvctlException(FailureKind.INTERRUPTED, what + " was interrupted.", "", e);
        } catch (IOException e) {
            throw unreachable(what, e);
        }
    }

    private void unlessGone(String what, Function<DockerClient, @Nullable Void> removal) {
        ask(what, client -> {
            try {
                removal.apply(client);
                return true;
            } catch (NotFoundException | NotModifiedException e) {
                return false;
            }
        });
    }

    private <T> T ask(String what, Function<DockerClient, T> question) {
        return ask(what, callLimit, question);
    }

    private <T> T ask(String what, Duration limit, Function<DockerClient, T> question) {
        return reach(what, limit, (config, transport) -> {
            try (var client = DockerClientImpl.getInstance(config, transport)) {
                return question.apply(client);
            }
        });
    }

    /** One conversation with the engine, below docker-java's commands. */
    private interface Conversation<T> {
        T hold(DockerClientConfig config, DockerHttpClient transport) throws IOException;
    }

    private <T> T reach(String what, Duration limit, Conversation<T> conversation) {
        beforeCall.run();
        var config = DefaultDockerClientConfig.createDefaultConfigBuilder()
                .withDockerHost(host.toString())
                .build();
        try (var transport = new ZerodepDockerHttpClient.Builder()
                .dockerHost(host)
                .sslConfig(config.getSSLConfig())
                .connectionTimeout(callLimit)
                .responseTimeout(limit)
                .build()) {
            return conversation.hold(config, transport);
        } catch (DockerException e) {
            throw new EnvctlException(
                    FailureKind.FAILED,
                    "%s at %s refused (%s): %s".formatted(kind, host, what, oneLine(e)),
                    "Run `envctl doctor` to see what is wrong with the engine.",
                    e);
        } catch (IOException e) {
            throw unreachable(what, e);
        } catch (EnvctlException e) {
            throw e;
        } catch (RuntimeException e) {
            if (Thread.currentThread().isInterrupted()) {
                throw new EnvctlException(
                        FailureKind.INTERRUPTED, "Asking %s for %s was interrupted.".formatted(kind, what), "", e);
            }
            throw unreachable(what, e);
        }
    }

    /**
     * The version that every answer carries ({@code Server: Libpod/4.3.1 (linux)}), unless somebody in between took it out.
     * Asked for its version by name, Podman first looks up which packages its companions came from: a third of a second.
     */
    private static Optional<String> greeting(DockerHttpClient transport) throws IOException {
        var ping = DockerHttpClient.Request.builder()
                .method(DockerHttpClient.Request.Method.GET)
                .path("/_ping")
                .build();
        try (var response = transport.execute(ping)) {
            return Optional.ofNullable(response.getHeader("Server"))
                    .map(SERVER::matcher)
                    .filter(Matcher::lookingAt)
                    .map(server -> server.group(1));
        }
    }

    private EnvctlException unreachable(String what, Exception cause) {
        var deepest = (Throwable) cause;
        while (deepest.getCause() != null) {
            deepest = deepest.getCause();
        }
        return new EnvctlException(
                FailureKind.FAILED,
                "%s at %s does not answer (asked for %s): %s".formatted(kind, host, what, oneLine(deepest)),
                kind == EngineKind.PODMAN
                        ? "Check `podman info`; where a service manager owns the socket, restart podman.socket."
                        : "Check `docker info`; start the Docker daemon if it does not answer.",
                cause);
    }

    private static String oneLine(Throwable failure) {
        var text = String.valueOf(failure.getMessage()).replaceAll("\\s+", " ").strip();
        return text.equals("null") ? failure.getClass().getSimpleName() : text;
    }

    private static String withoutSlash(String name) {
        return name.startsWith("/") ? name.substring(1) : name;
    }

    private static String withAlgorithm(String id) {
        return id.startsWith("sha256:") ? id : "sha256:" + id;
    }

    private static final class Output extends ResultCallback.Adapter<Frame> {
        private final StringBuilder text = new StringBuilder();

        @Override
        public void onNext(Frame frame) {
            synchronized (text) {
                text.append(new String(frame.getPayload(), StandardCharsets.UTF_8));
            }
        }

        String text() {
            synchronized (text) {
                return text.toString();
            }
        }
    }
}
