package dev.envctl.primary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.worker.ApiConnection;
import java.io.IOException;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Locks over real connections, with the client of the command line. */
@Timeout(60)
@SuppressWarnings("try") // A lock is held by being open.
class LockRoutesTest {
    private final Locks locks = new Locks(Instant::now);
    private final EventLog events = new EventLog(message -> {});
    private final Tokens tokens = new Tokens(new SecureRandom());
    private final Api api = new Api(
            tokens,
            Stream.of(new LockRoutes(locks).routes(), new OwnerRoutes(events, JsonObject::new, reason -> {}).routes())
                    .flatMap(List::stream)
                    .toList());
    private final LockClient owner = new LockClient(api.address(), tokens.owner());
    private final LockClient worker = new LockClient(api.address(), tokens.issue(3));
    private final List<String> told = Collections.synchronizedList(new ArrayList<>());

    @AfterEach
    void close() {
        locks.end("over");
        events.end();
        api.close();
    }

    @Test
    void aLockIsHeldUntilTheConnectionEnds() {
        try (var taken = owner.take(exclusive("db", "a"), told::add)) {
            assertThat(locks.list()).extracting(Locks.Held::name).containsExactly("db");
        }

        await().atMost(Duration.ofSeconds(5)).until(() -> locks.list().isEmpty());
        assertThat(told).isEmpty();
    }

    @Test
    void aWorkerWaitsForTheHolderAndIsTheNext() throws Exception {
        var taken = owner.take(exclusive("db", "a"), told::add);
        var next = CompletableFuture.supplyAsync(() -> worker.take(exclusive("db", "b"), told::add));
        await().until(() -> told.contains("a (owner, exclusive)"));
        assertThat(locks.list().get(0).waiters()).singleElement().satisfies(waiter -> {
            assertThat(waiter.who()).isEqualTo("b");
            assertThat(waiter.by()).isEqualTo("worker 3");
        });

        taken.close();

        next.get(10, TimeUnit.SECONDS).close();
    }

    @Test
    void whoIsToldNothingMoreAndGoesAwayLeavesTheLine() throws IOException {
        try (var taken = owner.take(exclusive("db", "a"), told::add)) {
            var waiting = ask("db", "");
            assertThat(JsonParser.parseString(waiting.next().orElseThrow())
                            .getAsJsonObject()
                            .get("position")
                            .getAsInt())
                    .isEqualTo(1);

            waiting.close();

            await().atMost(Duration.ofSeconds(5))
                    .until(() -> locks.list().get(0).waiters().isEmpty());
        }
    }

    @Test
    void aTimeOutNamesTheHolder() {
        try (var taken = owner.take(exclusive("db", "mvn verify [pid 7]"), told::add)) {
            var wanted = new LockClient.Wanted("db", true, Optional.of(Duration.ofSeconds(1)), "b");

            var failure = catchThrowableOfType(EnvctlException.class, () -> worker.take(wanted, told::add));

            assertThat(failure.kind()).isEqualTo(FailureKind.TIMEOUT);
            assertThat(failure.problem())
                    .isEqualTo("Lock db was not free within 1s: it is held by mvn verify [pid 7] (owner, exclusive).");
            await().atMost(Duration.ofSeconds(5))
                    .until(() -> locks.list().get(0).waiters().isEmpty());
        }
    }

    @Test
    void holdersAndWaitersAreToldWhenTheEnvironmentGoes() throws Exception {
        var lost = new CompletableFuture<String>();
        try (var taken = owner.take(exclusive("db", "a"), told::add)) {
            taken.onLoss(lost::complete);
            var waiting = CompletableFuture.supplyAsync(() ->
                    catchThrowableOfType(EnvctlException.class, () -> worker.take(exclusive("db", "b"), told::add)));
            await().until(() -> !told.isEmpty());

            locks.end("the environment is being removed");

            assertThat(lost.get(5, TimeUnit.SECONDS)).isEqualTo("the environment is being removed");
            var failure = waiting.get(5, TimeUnit.SECONDS);
            assertThat(failure.kind()).isEqualTo(FailureKind.NOT_OWNER);
            assertThat(failure.problem()).contains("the environment is being removed");
        }
    }

    @Test
    void aLockThatIsClosedIsNotLost() throws Exception {
        var lost = new CompletableFuture<String>();
        var taken = owner.take(exclusive("db", "a"), told::add);
        taken.onLoss(lost::complete);

        taken.close();
        await().until(() -> locks.list().isEmpty());

        assertThat(lost).isNotCompleted();
    }

    @Test
    void aPrimaryThatIsGoneIsSaid() {
        api.close();

        var failure = catchThrowableOfType(EnvctlException.class, () -> owner.take(exclusive("db", "a"), told::add));

        assertThat(failure.kind()).isEqualTo(FailureKind.NOT_OWNER);
    }

    @Test
    void refusesNamesAndBodiesThatMakeNoSense() throws IOException {
        assertThat(catchThrowableOfType(EnvctlException.class, () -> owner.take(exclusive("-x", "a"), told::add))
                        .kind())
                .isEqualTo(FailureKind.USAGE);
        assertThat(catchThrowableOfType(EnvctlException.class, () -> owner.take(exclusive("a b", "a"), told::add))
                        .kind())
                .isEqualTo(FailureKind.USAGE);
        for (var body : List.of("mode=both", "timeout=5", "timeout=", "who=me")) {
            var parts = body.split("=", -1);
            var json = new JsonObject();
            json.addProperty(parts[0], parts[1].isEmpty() ? "x" : parts[1]);
            try (var answer = post("db", tokens.owner(), json)) {
                assertThat(answer.code()).as(body).isEqualTo(400);
            }
        }
        var number = new JsonObject();
        number.addProperty("timeout", 5);
        try (var answer = post("db", tokens.owner(), number)) {
            assertThat(answer.code()).isEqualTo(400);
        }
        assertThat(locks.list()).isEmpty();
    }

    @Test
    void aWorkerTakesNoLockThatSaysWhoUsesALeaseButItsOwn() throws IOException {
        var token = tokens.issue(7);
        for (var name : List.of("envctl.worker-3", "envctl.suites", "envctl.anything")) {
            try (var answer = post(name, token, new JsonObject())) {
                assertThat(answer.code()).as(name).isEqualTo(403);
            }
        }
        assertThat(locks.list()).isEmpty();
        try (var own = new LockClient(api.address(), token).take(exclusive("envctl.worker-7", "a"), told::add);
                var owners = owner.take(exclusive("envctl.suites", "b"), told::add)) {
            assertThat(locks.list()).hasSize(2);
        }
    }

    @Test
    void refusesWhoHasNoToken() throws IOException {
        try (var answer = post("db", "wrong", new JsonObject())) {
            assertThat(answer.code()).isEqualTo(401);
        }
        assertThat(locks.list()).isEmpty();
    }

    @Test
    void manyWhoWaitDoNotStarveTheApi() throws IOException {
        var waiting = new ArrayList<ApiConnection>();
        try (var taken = owner.take(exclusive("db", "a"), told::add)) {
            for (var index = 0; index < 100; index++) {
                waiting.add(ask("db", "30s"));
            }
            await().until(() -> locks.list().get(0).waiters().size() == 100);

            assertThat(new LockRoutes(locks).list().toString()).contains("\"waiters\"");
            assertThat(status()).contains("HTTP/1.1 200");
        }
        for (var one : waiting) {
            one.close();
        }
        await().atMost(Duration.ofSeconds(20)).until(() -> locks.list().isEmpty());
    }

    private String status() throws IOException {
        var address = URI.create(api.address());
        try (var socket = new java.net.Socket(address.getHost(), address.getPort())) {
            socket.setSoTimeout(5_000);
            socket.getOutputStream()
                    .write("GET /v1/status HTTP/1.0\r\nAuthorization: Bearer %s\r\n\r\n"
                            .formatted(tokens.owner())
                            .getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.US_ASCII);
        }
    }

    private ApiConnection ask(String name, String timeout) throws IOException {
        var body = new JsonObject();
        if (!timeout.isEmpty()) {
            body.addProperty("timeout", timeout);
        }
        return post(name, tokens.owner(), body);
    }

    private ApiConnection post(String name, String token, JsonObject body) throws IOException {
        return ApiConnection.post(
                URI.create(api.address() + "/v1/locks/" + name), token, body.toString(), Duration.ofSeconds(10));
    }

    private static LockClient.Wanted exclusive(String name, String holder) {
        return new LockClient.Wanted(name, false, Optional.empty(), holder);
    }
}
