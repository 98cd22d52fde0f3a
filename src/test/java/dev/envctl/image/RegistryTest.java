package dev.envctl.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.Progress;
import dev.envctl.process.SystemPrograms;
import dev.envctl.readiness.Deadline;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class RegistryTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(5);

    private final SampleImage image = new SampleImage("amd64");
    private final ScriptedRegistry server = new ScriptedRegistry().serving("team/app", image);
    private final Repository repository = Repository.parse(server.repository("team/app"));
    private final List<String> reasons = new ArrayList<>();

    @TempDir
    private Path home;

    private Registry registry;

    @BeforeEach
    void connect() {
        registry = connected(PATIENCE);
    }

    private Registry connected(Duration patience) {
        var files = new CredentialFiles(Map.of(), home, new SystemPrograms());
        return new Registry(Map.of(), files, patience, FIRST_PAUSE);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void aTagIsResolvedToTheDigestOfWhatWasServed() {
        assertThat(registry.tag(repository, "1", soon(), reasons::add).digest()).isEqualTo(Digest.of(image.index));
    }

    @Test
    void aMissingDigestIsFinalAtOnceAndNamesEverything() {
        var digest = Digest.of(new byte[] {1});

        var failure = imageFailure(() -> registry.manifest(repository, digest, soon(), reasons::add));

        assertThat(failure.problem()).contains(server.host(), "team/app", digest.value(), "404");
        assertThat(failure.remedy()).contains("envctl images lock");
        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void aRefusalIsFinalAtOnceAndSaysHowToLogIn() {
        server.first("/v2/team/app/manifests/1", ScriptedRegistry.status(403));

        var failure = imageFailure(() -> registry.tag(repository, "1", soon(), reasons::add));

        assertThat(failure.remedy()).contains("podman login " + server.host());
        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void anErrorOfTheServerIsTriedAgain() {
        server.first("/v2/team/app/manifests/1", ScriptedRegistry.status(500))
                .first("/v2/team/app/manifests/1", ScriptedRegistry.status(503));

        registry.tag(repository, "1", soon(), reasons::add);

        assertThat(server.requests()).hasSize(3);
        assertThat(reasons).hasSize(2).first().asString().contains("HTTP 500", "trying again in");
    }

    @Test
    void tooManyRequestsAreTriedAgainNotBeforeTheRegistryAllows() {
        server.first("/v2/team/app/manifests/1", exchange -> {
            exchange.getResponseHeaders().set("Retry-After", "1");
            ScriptedRegistry.send(exchange, 429, new byte[0]);
        });
        var started = System.nanoTime();

        registry.tag(repository, "1", soon(), reasons::add);

        assertThat(Duration.ofNanos(System.nanoTime() - started)).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void aPauseBeyondTheDeadlineIsNotWaitedFor() {
        server.first("/v2/team/app/manifests/1", exchange -> {
            exchange.getResponseHeaders().set("Retry-After", "3600");
            ScriptedRegistry.send(exchange, 429, new byte[0]);
        });

        var failure =
                catchThrowableOfType(EnvctlException.class, () -> registry.tag(repository, "1", soon(), reasons::add));

        assertThat(failure.kind()).isEqualTo(FailureKind.TIMEOUT);
        assertThat(failure.problem()).contains("too many requests", "asks to wait 3600 s");
    }

    @Test
    void aManifestOfAnotherDigestIsNeverTaken() {
        server.first("/v2/team/app/manifests/" + image.manifestDigest(), ScriptedRegistry.body(image.index));

        var failure = imageFailure(() -> registry.manifest(repository, image.manifestDigest(), soon(), reasons::add));

        assertThat(failure.problem())
                .contains("served other content", image.manifestDigest().value());
    }

    @Test
    void aBlobOfAnotherDigestIsNeverTaken() {
        var other = image.layer.clone();
        other[0]++;
        server.first("/v2/team/app/" + image.layerPath(), ScriptedRegistry.body(other));

        imageFailure(this::fetchLayer);
    }

    @Test
    void aBlobThatIsTooLongIsNeverTaken() {
        server.first("/v2/team/app/" + image.layerPath(), ScriptedRegistry.body(Arrays.copyOf(image.layer, 100_000)));

        imageFailure(this::fetchLayer);
    }

    @Test
    void aBodyThatIsCutShortIsFetchedAgain() throws IOException {
        server.first("/v2/team/app/" + image.layerPath(), exchange -> {
            exchange.sendResponseHeaders(200, image.layer.length);
            exchange.getResponseBody().write(image.layer, 0, 3);
            exchange.getResponseBody().flush();
            // Closing the exchange now breaks the connection.
        });

        assertThat(fetchLayer()).hasBinaryContent(image.layer);
        assertThat(reasons).singleElement().asString().contains("trying again");
    }

    @Test
    void aShorterBodyThanTheManifestSaysIsFetchedAgain() throws IOException {
        server.first("/v2/team/app/" + image.layerPath(), ScriptedRegistry.body(Arrays.copyOf(image.layer, 3)));

        assertThat(fetchLayer()).hasBinaryContent(image.layer);
        assertThat(reasons).singleElement().asString().contains("only 3 of " + image.layer.length);
    }

    @Test
    void aServerThatFallsSilentIsAskedAgain() throws IOException {
        server.first("/v2/team/app/" + image.layerPath(), exchange -> {
            exchange.sendResponseHeaders(200, image.layer.length);
            exchange.getResponseBody().write(image.layer, 0, 3);
            exchange.getResponseBody().flush();
            pause(Duration.ofSeconds(10));
        });
        registry = connected(Duration.ofSeconds(1));

        assertThat(fetchLayer()).hasBinaryContent(image.layer);
        assertThat(reasons).singleElement().asString().contains("stopped sending after 3 bytes");
    }

    @Test
    void aRegistryThatNeverHealsIsGivenUpAtTheDeadlineWithTheLastReason() {
        for (var tries = 0; tries < 1000; tries++) {
            server.first("/v2/team/app/manifests/1", ScriptedRegistry.status(502));
        }

        var failure = catchThrowableOfType(
                EnvctlException.class,
                () -> registry.tag(repository, "1", Deadline.in(Duration.ofMillis(300)), reasons::add));

        assertThat(failure.kind()).isEqualTo(FailureKind.TIMEOUT);
        assertThat(failure.problem()).contains("HTTP 502");
    }

    @Test
    void anAnonymousTokenIsFetchedOnceAndUsedForEverything() {
        demandToken(1);
        server.first("/token", exchange -> ScriptedRegistry.send(exchange, 200, "{\"token\":\"t\"}".getBytes(UTF_8)));

        registry.tag(repository, "1", soon(), reasons::add);
        registry.manifest(repository, image.manifestDigest(), soon(), reasons::add);

        assertThat(server.requests())
                .filteredOn(path -> path.startsWith("/token"))
                .singleElement()
                .asString()
                .contains("service=here", "scope=repository%3Ateam%2Fapp%3Apull");
    }

    @Test
    void theUsersOwnCredentialsBuyTheToken() throws IOException {
        logIn("ada", "secret");
        demandToken(1);
        var seen = new ArrayList<String>();
        server.first("/token", exchange -> {
            seen.add(exchange.getRequestHeaders().getFirst("Authorization"));
            ScriptedRegistry.send(exchange, 200, "{\"access_token\":\"t\"}".getBytes(UTF_8));
        });

        registry.tag(repository, "1", soon(), reasons::add);

        assertThat(seen).containsExactly("Basic " + base64("ada:secret"));
    }

    @Test
    void aTokenThatExpiredIsRenewed() {
        demandToken(1);
        server.first("/token", exchange -> ScriptedRegistry.send(exchange, 200, "{\"token\":\"a\"}".getBytes(UTF_8)))
                .first("/token", exchange -> ScriptedRegistry.send(exchange, 200, "{\"token\":\"b\"}".getBytes(UTF_8)));
        registry.tag(repository, "1", soon(), reasons::add);
        demandToken(1);

        registry.tag(repository, "1", soon(), reasons::add);

        assertThat(server.requests())
                .filteredOn(path -> path.startsWith("/token"))
                .hasSize(2);
    }

    @Test
    void aPasswordThatIsRefusedIsFinalAndNeverShown() throws IOException {
        logIn("ada", "secret");
        demandToken(1);
        server.first("/token", ScriptedRegistry.status(401));

        var failure = imageFailure(() -> registry.tag(repository, "1", soon(), reasons::add));

        assertThat(failure.problem()).contains("config.json", "401").doesNotContain("secret", base64("ada:secret"));
    }

    @Test
    void aRegistryThatStillRefusesAfterTheTokenIsFinal() {
        demandToken(2);
        server.first("/token", exchange -> ScriptedRegistry.send(exchange, 200, "{\"token\":\"t\"}".getBytes(UTF_8)));

        imageFailure(() -> registry.tag(repository, "1", soon(), reasons::add));
    }

    @Test
    void aTokenServerThatWouldGetThePasswordInTheClearIsRefused() throws IOException {
        logIn("ada", "secret");
        server.first("/v2/team/app/manifests/1", exchange -> {
            exchange.getResponseHeaders().set("WWW-Authenticate", "Bearer realm=\"http://tokens.test/\"");
            ScriptedRegistry.send(exchange, 401, new byte[0]);
        });

        var failure =
                catchThrowableOfType(EnvctlException.class, () -> registry.tag(repository, "1", soon(), reasons::add));

        assertThat(failure.problem()).contains("http://tokens.test/", "no encrypted address");
    }

    @Test
    void aRedirectToAnotherServerDoesNotTakeCredentialsAlong() throws IOException {
        logIn("ada", "secret");
        var seen = new ArrayList<String>();
        try (var store = new ScriptedRegistry()) {
            store.first("/blob", exchange -> {
                seen.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
                ScriptedRegistry.send(exchange, 200, image.layer);
            });
            var path = "/v2/team/app/" + image.layerPath();
            server.first(path, exchange -> {
                exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"here\"");
                ScriptedRegistry.send(exchange, 401, new byte[0]);
            });
            server.first(path, exchange -> {
                seen.add(exchange.getRequestHeaders().getFirst("Authorization"));
                exchange.getResponseHeaders()
                        .set(
                                "Location",
                                URI.create("http://" + store.host() + "/blob").toString());
                ScriptedRegistry.send(exchange, 307, new byte[0]);
            });

            fetchLayer();
        }

        assertThat(seen).containsExactly("Basic " + base64("ada:secret"), "null");
    }

    @Test
    void aRegistryThatAsksForALoginIsReachable() {
        server.first("/v2/", ScriptedRegistry.status(401));

        assertThat(registry.unreachable(repository)).isEmpty();
    }

    @Test
    void aProxyThatForbidsIsNoRegistry() {
        server.first("/v2/", ScriptedRegistry.status(403)).first("/v2/", ScriptedRegistry.status(403));

        assertThat(registry.unreachable(repository))
                .hasValueSatisfying(reason -> assertThat(reason).contains("HTTP 403"));
    }

    @Test
    void aServerThatAcceptsAndSaysNothingIsUnreachable() throws IOException {
        try (var silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            var patient = new Registry(Map.of(), new CredentialFiles(Map.of(), home, new SystemPrograms()));

            var reason = patient.unreachable(Repository.parse("127.0.0.1:" + silent.getLocalPort() + "/a"));

            assertThat(reason).hasValueSatisfying(text -> assertThat(text).contains("did not answer within"));
        }
    }

    private static final java.nio.charset.Charset UTF_8 = StandardCharsets.UTF_8;

    private Path fetchLayer() {
        var descriptor = new Descriptor("", Digest.of(image.layer), image.layer.length, null);
        var traffic = new Traffic("pull app", Progress.SILENT);
        new BlobDownload(registry, repository, descriptor, home, traffic, soon(), reasons::add).run();
        return new PartialBlob(home, descriptor)
                .file(Piece.of(descriptor.size()).get(0));
    }

    /** The next requests for the tag are told to bring a token. */
    private void demandToken(int times) {
        for (var time = 0; time < times; time++) {
            server.first("/v2/team/app/manifests/1", exchange -> {
                var realm = "Bearer realm=\"http://%s/token\",service=\"here\",scope=\"repository:team/app:pull\""
                        .formatted(server.host());
                exchange.getResponseHeaders().set("WWW-Authenticate", realm);
                ScriptedRegistry.send(exchange, 401, new byte[0]);
            });
        }
    }

    private void logIn(String user, String password) throws IOException {
        var file = home.resolve(".docker/config.json");
        Files.createDirectories(file.getParent());
        Files.writeString(
                file, "{\"auths\":{\"%s\":{\"auth\":\"%s\"}}}".formatted(server.host(), base64(user + ":" + password)));
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
    }

    private static EnvctlException imageFailure(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        var failure = catchThrowableOfType(EnvctlException.class, call);
        assertThat(failure.kind()).isEqualTo(FailureKind.IMAGE);
        return failure;
    }

    private static Deadline soon() {
        return Deadline.in(Duration.ofSeconds(10));
    }

    private static void pause(Duration duration) {
        try {
            Thread.sleep(duration.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
