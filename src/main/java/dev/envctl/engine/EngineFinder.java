package dev.envctl.engine;

import com.github.dockerjava.core.DefaultDockerClientConfig;
import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.process.Programs;
import dev.envctl.readiness.Wait;
import dev.envctl.spec.ClusterSpec.EngineChoice;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds the engine to use, and says what it looked at. */
public final class EngineFinder implements Engines {
    private static final Path PODMAN_SOCKET = Path.of("/run/podman/podman.sock");

    private final Programs programs;
    private final Wait wait;
    private final Map<String, String> variables;

    /** @param variables the process environment */
    public EngineFinder(Programs programs, Wait wait, Map<String, String> variables) {
        this.programs = programs;
        this.wait = wait;
        this.variables = Map.copyOf(variables);
    }

    @Override
    public Engine find(EngineChoice choice, Duration callLimit, Path scratch) {
        var account = new ArrayList<String>();
        for (var kind : candidates(choice)) {
            if (programs.find(kind.program()).isEmpty()) {
                account.add("%s: the program `%s` is not on the PATH".formatted(kind, kind.program()));
                continue;
            }
            var engine = kind == EngineKind.PODMAN ? podman(callLimit, scratch) : docker(callLimit);
            try {
                engine.version();
                return engine;
            } catch (EnvctlException e) {
                engine.close();
                if (e.kind() == FailureKind.INTERRUPTED) {
                    throw e;
                }
                account.add("%s: %s".formatted(kind, e.problem()));
            }
        }
        throw new EnvctlException(
                FailureKind.PREREQUISITE,
                choice == EngineChoice.AUTO
                        ? "No container engine answers."
                        : "The container engine asked for (%s) does not answer."
                                .formatted(candidates(choice).get(0)),
                remedy(choice),
                account,
                null);
    }

    private String remedy(EngineChoice choice) {
        var host = asked();
        return host.isPresent() && candidates(choice).contains(EngineKind.PODMAN)
                ? "CONTAINER_HOST asks for %1$s: start what listens there (`podman system service --time 0 %1$s`), or unset CONTAINER_HOST to use this machine's own Podman."
                        .formatted(host.get())
                : "Run `envctl doctor` to see what is missing, or `envctl setup` to install Podman.";
    }

    private Optional<String> asked() {
        return Optional.ofNullable(variables.get("CONTAINER_HOST")).filter(host -> !host.isBlank());
    }

    private List<EngineKind> candidates(EngineChoice choice) {
        return switch (choice) {
            case PODMAN -> List.of(EngineKind.PODMAN);
            case DOCKER -> List.of(EngineKind.DOCKER);
            case AUTO ->
                "docker".equals(variables.get("KIND_EXPERIMENTAL_PROVIDER"))
                        ? List.of(EngineKind.DOCKER, EngineKind.PODMAN)
                        : List.of(EngineKind.PODMAN, EngineKind.DOCKER);
        };
    }

    private Engine podman(Duration callLimit, Path scratch) {
        var asked = asked();
        if (asked.isPresent()) {
            return new ApiEngine(
                    EngineKind.PODMAN,
                    address(asked.get(), "CONTAINER_HOST"),
                    environment(EngineKind.PODMAN),
                    callLimit,
                    () -> {},
                    () -> {});
        }
        var offered = offeredSocket();
        if (offered.isPresent()) {
            return new ApiEngine(
                    EngineKind.PODMAN,
                    URI.create("unix://" + offered.get()),
                    environment(EngineKind.PODMAN),
                    callLimit,
                    () -> {},
                    () -> {});
        }
        var service = new PodmanService(programs, scratch.resolve("podman.sock"), scratch.resolve("podman.log"));
        return new ApiEngine(
                EngineKind.PODMAN,
                URI.create(service.address()),
                environment(EngineKind.PODMAN),
                callLimit,
                () -> service.ensureRunning(wait),
                service::close);
    }

    private Engine docker(Duration callLimit) {
        // Reads DOCKER_HOST and the current Docker context.
        var host =
                DefaultDockerClientConfig.createDefaultConfigBuilder().build().getDockerHost();
        return new ApiEngine(EngineKind.DOCKER, host, environment(EngineKind.DOCKER), callLimit, () -> {}, () -> {});
    }

    /** The socket that a service manager offers, this user's own before the system's. */
    private Optional<Path> offeredSocket() {
        return Stream.concat(
                        Stream.ofNullable(variables.get("XDG_RUNTIME_DIR"))
                                .map(runtime -> Path.of(runtime, "podman", "podman.sock")),
                        Stream.of(PODMAN_SOCKET))
                .filter(PodmanService::answers)
                .findFirst();
    }

    private static Map<String, String> environment(EngineKind kind) {
        var environment = new HashMap<String, String>();
        // kind silently ignores unknown values and prefers Docker: always say it.
        environment.put("KIND_EXPERIMENTAL_PROVIDER", kind.program());
        return environment;
    }

    private static URI address(String value, String variable) {
        if (value.startsWith("unix://") || value.startsWith("tcp://")) {
            return URI.create(value);
        }
        throw new EnvctlException(
                FailureKind.USAGE,
                "%s=%s is not an address that envctl can use.".formatted(variable, value),
                "Use unix:///path/to/podman.sock, or unset it.");
    }
}
