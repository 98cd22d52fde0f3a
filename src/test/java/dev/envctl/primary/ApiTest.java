package dev.envctl.primary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonObject;
import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.Progress;
import dev.envctl.spec.Inputs;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.HttpURLConnection;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The primary's API and the client that the command line uses. */
@Timeout(30)
class ApiTest {
    private static final Route BROKEN = Route.ofWorkers("POST", "/v1/broken", call -> {
        throw new IllegalStateException("a mistake");
    });

    private final EventLog events = new EventLog(message -> {});
    private final List<String> downs = new ArrayList<>();
    private final Tokens tokens = new Tokens(new SecureRandom());
    private final Api api = new Api(
            tokens,
            Stream.concat(
                            new OwnerRoutes(events, this::status, downs::add).routes().stream(),
                            Stream.of(Route.ofWorkers("POST", "/v1/leases/{worker}/pat", this::pat), BROKEN))
                    .toList());
    private final PrimaryClient client = client(tokens.owner());

    @AfterEach
    void close() {
        events.end();
        api.close();
    }

    @Test
    void refusesWhoHasNoToken() throws IOException {
        assertThat(code("GET", "/v1/status", "")).isEqualTo(401);
        assertThat(code("GET", "/v1/status", "Bearer wrong")).isEqualTo(401);
        assertThat(code("GET", "/v1/status", tokens.owner())).isEqualTo(401);
        assertThat(code("POST", "/v1/down", "Bearer wrong")).isEqualTo(401);
        assertThat(downs).isEmpty();
    }

    @Test
    void knowsOnlyItsOwnPathsAndMethods() throws IOException {
        assertThat(code("GET", "/v1/status", "Bearer " + tokens.owner())).isEqualTo(200);
        assertThat(code("GET", "/v1/status/more", "Bearer " + tokens.owner())).isEqualTo(404);
        assertThat(code("GET", "/v2/status", "Bearer " + tokens.owner())).isEqualTo(404);
        assertThat(code("DELETE", "/v1/status", "Bearer " + tokens.owner())).isEqualTo(405);
        assertThat(code("GET", "/v1/down", "Bearer " + tokens.owner())).isEqualTo(405);
        assertThat(downs).isEmpty();
    }

    @Test
    void aWorkersTokenOpensOnlyWhatIsForWorkers() throws IOException {
        var worker = "Bearer " + tokens.issue(3);

        assertThat(code("POST", "/v1/down", worker)).isEqualTo(403);
        assertThat(code("GET", "/v1/status", worker)).isEqualTo(403);
        assertThat(code("GET", "/v1/events", worker)).isEqualTo(403);
        assertThat(downs).isEmpty();
        assertThat(code("POST", "/v1/leases/3/pat", worker)).isEqualTo(200);
        assertThat(code("POST", "/v1/leases/4/pat", worker)).isEqualTo(409);
    }

    @Test
    void aMistakeIsAnAnswerToo() throws IOException {
        assertThat(code("POST", "/v1/broken", "Bearer " + tokens.owner())).isEqualTo(500);
    }

    @Test
    void aTokenEndsWithItsLease() throws IOException {
        var first = "Bearer " + tokens.issue(3);
        var second = "Bearer " + tokens.issue(3);

        assertThat(code("POST", "/v1/leases/3/pat", first)).isEqualTo(401);
        assertThat(code("POST", "/v1/leases/3/pat", second)).isEqualTo(200);
        tokens.revoke(3);
        assertThat(code("POST", "/v1/leases/3/pat", second)).isEqualTo(401);
    }

    /** Who asks with it may hold back the end of the request until the index is somebody else's. */
    @Test
    void aTokenThatEndsBeforeTheRequestHasOpensNothing() throws IOException {
        var address = URI.create(api.address());
        try (var slow = new Socket(address.getHost(), address.getPort())) {
            slow.setSoTimeout(20_000);
            slow.getOutputStream().write("""
                    POST /v1/leases/3/pat HTTP/1.1\r
                    Host: here\r
                    Authorization: Bearer %s\r
                    Content-Length: 2\r
                    \r
                    {""".formatted(tokens.issue(3)).getBytes(StandardCharsets.US_ASCII));
            await().until(ApiTest::awaitsABody);
            tokens.revoke(3);
            tokens.issue(3);

            slow.getOutputStream().write('}');

            var answer = new BufferedReader(new InputStreamReader(slow.getInputStream(), StandardCharsets.US_ASCII));
            assertThat(answer.readLine()).isEqualTo("HTTP/1.1 401 Unauthorized");
        }
    }

    private static boolean awaitsABody() {
        return Thread.getAllStackTraces().entrySet().stream()
                .filter(thread -> thread.getKey().getName().equals("api"))
                .flatMap(thread -> Stream.of(thread.getValue()))
                .anyMatch(frame -> frame.getMethodName().equals("readNBytes"));
    }

    @Test
    void agreesToTheTeardownWithoutAwaitingIt() throws IOException {
        assertThat(code("POST", "/v1/down", "Bearer " + tokens.owner())).isEqualTo(202);

        assertThat(downs).containsExactly("asked over the API");
    }

    @Test
    void listensOnlyOnThisMachine() {
        assertThat(api.address()).startsWith("http://127.0.0.1:");
    }

    @Test
    void theClientReadsTheStatus() {
        assertThat(client.state()).contains(State.READY);
    }

    @Test
    void theClientSaysWhyTheTeardownIsAskedFor() {
        assertThat(client.agreesToEnd("`envctl down`")).isTrue();

        assertThat(downs).containsExactly("`envctl down`");
    }

    @Test
    void aReasonThatNeverEndsIsCutOff() {
        assertThat(client.agreesToEnd("x".repeat(5000))).isTrue();

        assertThat(downs).singleElement().asString().hasSize(200);
    }

    @Test
    void aClientThatComesLateHearsEverything() {
        events.note("one");
        events.change(State.READY);
        var heard = new ArrayList<Message>();

        var told = client.follow(message -> {
            heard.add(message);
            return heard.size() == 2;
        });

        assertThat(told).isTrue();
        assertThat(heard)
                .containsExactly(new Message.Event(new Progress.Note("one")), new Message.Changed(State.READY));
    }

    @Test
    void aClientHearsWhatIsSaidWhileItListens() throws Exception {
        var listening = new CountDownLatch(1);
        events.note("hello");
        var follower = CompletableFuture.supplyAsync(() -> client.follow(message -> {
            listening.countDown();
            return message.equals(new Message.Changed(State.READY));
        }));
        assertThat(listening.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(follower).isNotDone();

        events.change(State.READY);

        assertThat(follower.get(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aClientHearsTheLastWordsBeforeTheEnd() throws Exception {
        var heard = Collections.synchronizedList(new ArrayList<Message>());
        events.note("hello");
        var follower = CompletableFuture.supplyAsync(() -> client.follow(message -> {
            heard.add(message);
            return false;
        }));
        await().until(() -> !heard.isEmpty());

        events.note("last words");
        events.end();
        api.close();

        assertThat(follower.get(10, TimeUnit.SECONDS)).isFalse();
        assertThat(heard)
                .containsExactly(
                        new Message.Event(new Progress.Note("hello")),
                        new Message.Event(new Progress.Note("last words")));
    }

    @Test
    void theClientSaysThatItsTokenIsNotTheOwners() {
        var failure = catchThrowableOfType(
                EnvctlException.class, () -> client("another").agreesToEnd("reason"));

        assertThat(failure.kind()).isEqualTo(FailureKind.NOT_OWNER);
    }

    @Test
    void theClientNamesAPrimaryThatDoesNotAnswer() {
        api.close();

        assertThat(client.follow(message -> true)).isFalse();
        var failure = catchThrowableOfType(EnvctlException.class, client::details);
        assertThat(failure.problem())
                .startsWith("The primary (pid 4711) at %s does not answer".formatted(api.address()));
        assertThat(failure.remedy()).contains("kill -9 4711", "envctl down");
    }

    private void pat(Call call) throws IOException {
        if (!call.caller().equals(new Caller.Worker(Integer.parseInt(call.parameter("worker"))))) {
            throw new EnvctlException(FailureKind.NOT_OWNER, "This is another worker's.", "");
        }
        call.answer(200, call.json());
    }

    private JsonObject status() {
        var status = new JsonObject();
        status.addProperty("state", "ready");
        return status;
    }

    private PrimaryClient client(String token) {
        return new PrimaryClient(new PrimaryRecord(
                4711, api.address(), token, "2026-01-01T00:00:00Z", "boot", Map.of(), Inputs.unknown(), ""));
    }

    private int code(String method, String path, String authorization) throws IOException {
        var connection =
                (HttpURLConnection) URI.create(api.address() + path).toURL().openConnection(java.net.Proxy.NO_PROXY);
        connection.setRequestMethod(method);
        if (!authorization.isEmpty()) {
            connection.setRequestProperty("Authorization", authorization);
        }
        if (method.equals("POST")) {
            connection.setDoOutput(true);
            connection.getOutputStream().write("".getBytes(StandardCharsets.UTF_8));
        }
        return connection.getResponseCode();
    }
}
