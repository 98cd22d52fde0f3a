package dev.envctl.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.machine.ClosedPort;
import dev.envctl.readiness.Deadline;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ApiEngineTest {
    private final FakeEngineApi api = new FakeEngineApi();
    private final Engine engine = api.engine();

    @AfterEach
    void close() {
        api.close();
    }

    @Test
    void hearsTheVersionFromAPingAndOnce() {
        api.named("Libpod/4.3.1 (linux)").answers("GET /_ping", 200, "OK");

        assertThat(engine.version()).isEqualTo("4.3.1");
        assertThat(engine.version()).isEqualTo("4.3.1");
        assertThat(api.asked).containsExactly("GET /_ping");
    }

    @Test
    void asksForTheVersionByNameWhereAPingDoesNotTellIt() {
        api.answers("GET /_ping", 200, "OK")
                .answers("GET /version", 200, "{\"Version\":\"20.10.24\",\"ApiVersion\":\"1.41\"}");

        assertThat(engine.version()).isEqualTo("20.10.24");
    }

    @Test
    void namesEngineAddressAndQuestionWhereNobodyListens() throws IOException {
        try (var nobody = new ClosedPort()) {
            var address = URI.create("tcp://127.0.0.1:" + nobody.number());

            var failure = failure(() -> engineAt(address, Duration.ofSeconds(5)).version());

            assertThat(failure.kind()).isEqualTo(FailureKind.FAILED);
            assertThat(failure.problem())
                    .startsWith("Podman at %s does not answer (asked for its version): ".formatted(address))
                    .containsIgnoringCase("refused");
            assertThat(failure.remedy()).contains("podman info");
        }
    }

    @Test
    void doesNotWaitForAnAnswerForEver() throws IOException {
        // Accepts connections, because the kernel does, and never says a word.
        try (var silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            var address = URI.create("tcp://127.0.0.1:" + silent.getLocalPort());

            var failure =
                    failure(() -> engineAt(address, Duration.ofMillis(300)).version());

            assertThat(failure.problem()).contains("does not answer (asked for its version)");
        }
    }

    @Test
    void quotesWhatTheEngineRefused() {
        api.answers("POST /networks/create", 500, "{\"message\":\"netavark: could not set up the bridge\"}");

        var failure = failure(() -> engine.createNetwork("kind", Map.of()));

        assertThat(failure.kind()).isEqualTo(FailureKind.FAILED);
        assertThat(failure.problem())
                .startsWith("Podman at %s refused (network kind): ".formatted(api.address()))
                .contains("netavark: could not set up the bridge");
        assertThat(failure.remedy()).contains("envctl doctor");
    }

    @Test
    void leavesANetworkThatIsThereAlready() {
        api.answers("POST /networks/create", 409, "{\"message\":\"network kind already exists\"}");

        assertThatCode(() -> engine.createNetwork("kind", Map.of())).doesNotThrowAnyException();
        assertThat(api.bodies).singleElement().asString().contains("\"Name\":\"kind\"", "\"Driver\":\"bridge\"");
    }

    @Test
    void removesWhatIsGoneAlreadyWithoutAWord() {
        assertThatCode(() -> {
                    engine.removeContainer("abc");
                    engine.removeVolume("data");
                    engine.removeNetwork("kind");
                })
                .doesNotThrowAnyException();
        assertThat(api.asked)
                .containsExactly(
                        "POST /containers/abc/kill",
                        "DELETE /containers/abc",
                        "DELETE /volumes/data",
                        "DELETE /networks/kind");
    }

    @Test
    void removesAContainerThatDoesNotRun() {
        api.answers("POST /containers/abc/kill", 409, "{\"message\":\"can only kill running containers\"}")
                .answers("DELETE /containers/abc", 204, "");

        assertThatCode(() -> engine.removeContainer("abc")).doesNotThrowAnyException();
        assertThat(api.asked).endsWith("DELETE /containers/abc");
    }

    @Test
    void aVolumeThatIsInUseIsAFailure() {
        api.answers("DELETE /volumes/data", 409, "{\"message\":\"volume is being used\"}");

        assertThat(failure(() -> engine.removeVolume("data")).problem()).contains("volume is being used");
    }

    @Test
    void readsContainersAlsoWithoutLabels() {
        api.answers("GET /containers/json", 200, """
                [{"Id":"abc","Names":["/e2e-control-plane"],"State":"running","Labels":{"role":"control-plane"}},
                 {"Id":"def","Names":["/other"],"State":"exited","Labels":null}]""");

        assertThat(engine.containers("role", "control-plane"))
                .containsExactly(
                        new Container("abc", "e2e-control-plane", "running", Map.of("role", "control-plane")),
                        new Container("def", "other", "exited", Map.of()));
    }

    @Test
    void readsThePortsThatContainersPublish() {
        api.answers("GET /containers/json", 200, """
                [{"Id":"abc","Names":["/a"],"Ports":[{"IP":"127.0.0.1","PrivatePort":6443,"PublicPort":15000},
                                                     {"PrivatePort":80}]},
                 {"Id":"def","Names":["/b"],"Ports":null}]""");

        assertThat(engine.publishedPorts()).containsExactly(15000);
    }

    @Test
    void thereAreNoVolumesWhereTheEngineSaysNull() {
        api.answers("GET /volumes", 200, "{\"Volumes\":null,\"Warnings\":[]}");

        assertThat(engine.volumes()).isEmpty();
    }

    @Test
    void anImageThatIsNotThereIsEmpty() {
        assertThat(engine.image("docker.io/library/redis:8")).isEmpty();
    }

    @Test
    void anImageHasItsIdAlwaysWithTheAlgorithm() {
        api.answers("GET /images/docker.io/library/redis:8/json", 200, "{\"Id\":\"0123\",\"RepoDigests\":null}");

        assertThat(engine.image("docker.io/library/redis:8")).contains(new EngineImage("sha256:0123", Set.of()));
    }

    @Test
    void namesTheImageArchiveThatCannotBeRead() {
        var failure = failure(() -> engine.loadImage(Path.of("/no/such.tar"), Deadline.in(Duration.ofSeconds(5))));

        assertThat(failure.problem()).startsWith("The image archive /no/such.tar cannot be read: ");
    }

    private static ApiEngine engineAt(URI address, Duration limit) {
        return new ApiEngine(EngineKind.PODMAN, address, Map.of(), limit, () -> {}, () -> {});
    }

    private static EnvctlException failure(ThrowingCallable call) {
        return catchThrowableOfType(EnvctlException.class, call);
    }
}
