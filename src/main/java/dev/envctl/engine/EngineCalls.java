package dev.envctl.engine;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.transport.DockerHttpClient;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Calls of an engine's Docker-compatible API: each bounded, and its failures told in the user's words.
 *
 * <p>Every call opens a client of its own: Podman closes connections after ten idle seconds and docker-java would reuse
 * them unchecked (docker-java#2682).
 */
final class EngineCalls {
    private static final Pattern SERVER = Pattern.compile("(?:Libpod|Docker)/(\\S+)");

    private final EngineKind kind;
    private final URI host;
    private final Duration callLimit;
    private final Runnable beforeCall;

    /**
     * Calls nobody yet.
     *
     * @param callLimit how long one answer may take
     * @param beforeCall makes sure that something listens at {@code host}
     */
    EngineCalls(EngineKind kind, URI host, Duration callLimit, Runnable beforeCall) {
        this.kind = kind;
        this.host = host;
        this.callLimit = callLimit;
        this.beforeCall = beforeCall;
    }

    /** @param what is asked for, as it reads in a failure */
    <T> T ask(String what, Function<DockerClient, T> question) {
        return ask(what, callLimit, question);
    }

    <T> T ask(String what, Duration limit, Function<DockerClient, T> question) {
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
    Optional<String> greeting() {
        return reach("its version", callLimit, (config, transport) -> greeting(transport));
    }

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
}
