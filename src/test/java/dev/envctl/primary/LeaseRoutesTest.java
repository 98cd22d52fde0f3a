package dev.envctl.primary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.Progress;
import dev.envctl.spec.OnDemandRoom;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Leases over the API: who may do what, and how refusals look. */
@Timeout(30)
class LeaseRoutesTest {
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final FakeLeases leases = new FakeLeases();
    private final Tokens tokens = new Tokens(new SecureRandom());
    private String broken = "";
    private final LeaseRoutes routes = new LeaseRoutes(() -> Optional.of(broken).filter(reason -> !reason.isEmpty()));
    private final Api api = new Api(tokens, routes.routes());
    private final Leasing leasing = new Leasing(
            new LeaseDesk(1, 0, new OnDemandRoom(2, "Postgres has few connections", "Raise `maxConnections`.")),
            leases,
            tokens,
            Progress.SILENT,
            Moment::now);
    private final LeaseClient owner = new LeaseClient(api.address(), tokens.owner());

    @BeforeEach
    void begin() {
        leases.given.add(FakeLeases.lease(1, "fixed-token"));
        leasing.begin(1, "http://127.0.0.1:1");
        routes.open(leasing);
    }

    @AfterEach
    void close() {
        api.close();
        leasing.close();
    }

    private JsonObject acquire(String body) {
        return owner.acquire(JsonParser.parseString(body).getAsJsonObject(), LIMIT);
    }

    private int code(String token, String method, String path, String body) throws IOException {
        var connection = PrimaryClient.open(api.address(), token, method, path, LIMIT);
        if (!body.isEmpty()) {
            connection.setDoOutput(true);
            connection.getOutputStream().write(body.getBytes(StandardCharsets.UTF_8));
        }
        return connection.getResponseCode();
    }

    @Test
    void answersTheWholeLeaseWithItsToken() throws IOException {
        var lease = acquire("{\"holder\": \"\\u0007me\\n\", \"ttl\": \"90s\"}");

        assertThat(lease.get("worker").getAsInt()).isEqualTo(2);
        assertThat(lease.get("expires").getAsString()).isNotEmpty();
        assertThat(lease.getAsJsonObject("holder").get("text").getAsString()).isEqualTo("me");
        assertThat(code(lease.get("token").getAsString(), "POST", "/v1/leases/2/heartbeat", ""))
                .isEqualTo(200);
    }

    @Test
    void aLeaseOfAProcessHasNoTimeToLiveUnlessAsked() {
        var pid = ProcessHandle.current().pid();

        assertThat(acquire("{\"pid\": %d}".formatted(pid)).has("expires")).isFalse();
        assertThat(acquire("{\"pid\": %d, \"ttl\": \"1m\"}".formatted(pid)).has("expires"))
                .isTrue();
    }

    @Test
    void aWorkersTokenOpensItsOwnLeaseOnly() throws IOException {
        var token = acquire("{}").get("token").getAsString();

        assertThat(code(token, "GET", "/v1/leases", "")).isEqualTo(200);
        assertThat(code(token, "GET", "/v1/leases/2", "")).isEqualTo(200);
        assertThat(code(token, "POST", "/v1/leases/2/reset", "")).isEqualTo(200);
        assertThat(code(token, "GET", "/v1/leases/1", "")).isEqualTo(403);
        assertThat(code(token, "POST", "/v1/leases/1/reset", "")).isEqualTo(403);
        assertThat(code(token, "DELETE", "/v1/leases/1", "")).isEqualTo(403);
        assertThat(code(token, "POST", "/v1/leases", "{}")).isEqualTo(403);
        assertThat(code("fixed-token", "POST", "/v1/leases/2/heartbeat", "")).isEqualTo(403);
        assertThat(code(token, "DELETE", "/v1/leases/2", "")).isEqualTo(200);
        assertThat(code(token, "GET", "/v1/leases", "")).isEqualTo(401);
    }

    @Test
    void resetsWhatIsAskedFor() throws IOException {
        assertThat(code("fixed-token", "POST", "/v1/leases/1/reset?only=postgres,redis", ""))
                .isEqualTo(200);

        assertThat(leases.asked).contains("reset 1 [POSTGRES, REDIS]");
        assertThat(code("fixed-token", "POST", "/v1/leases/1/reset?only=mysql", ""))
                .isEqualTo(400);
    }

    @Test
    void theListHoldsNothingSecret() {
        var token = acquire("{\"holder\": \"me\"}").get("token").getAsString();

        var list = owner.list();

        assertThat(list.getAsJsonArray("leases")).hasSize(2);
        assertThat(list.toString()).contains("\"holder\":\"me\"").doesNotContain(token, "fixed-token");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"ttl\": 90}",
                "{\"ttl\": \"soon\"}",
                "{\"pid\": \"x\"}",
                "{\"pid\": 4194305}",
                "{\"holder\": []}",
                "{\"holdr\": \"me\"}",
                "[]",
                "no JSON"
            })
    void refusesWhatMakesNoSense(String body) throws IOException {
        assertThat(code(tokens.owner(), "POST", "/v1/leases", body)).isEqualTo(400);
        assertThat(leases.made()).isZero();
    }

    @Test
    void refusesWhatDoesNotFitAndSaysWhatToChange() throws IOException {
        acquire("{}");
        acquire("{}");

        assertThat(code(tokens.owner(), "POST", "/v1/leases", "{}")).isEqualTo(409);
        var refused = catchThrowableOfType(EnvctlException.class, () -> acquire("{}"));
        assertThat(refused.kind()).isEqualTo(FailureKind.USAGE);
        assertThat(refused.problem()).contains("Postgres has few connections");
        assertThat(refused.remedy()).contains("Raise `maxConnections`.");
    }

    @Test
    void knowsNoLeaseThatIsNotThere() throws IOException {
        for (var worker : new String[] {"9", "0", "-1", "01", "x", "99999999999"}) {
            assertThat(code(tokens.owner(), "GET", "/v1/leases/" + worker, ""))
                    .as(worker)
                    .isEqualTo(404);
        }
    }

    @Test
    void aFixedLeaseIsNotReleased() throws IOException {
        assertThat(code(tokens.owner(), "DELETE", "/v1/leases/1", "")).isEqualTo(409);
        assertThat(code("fixed-token", "POST", "/v1/leases/1/reset", "")).isEqualTo(200);
    }

    @Test
    void thereAreNoneWhileTheEnvironmentIsNotReady() throws IOException {
        routes.close();

        assertThat(code(tokens.owner(), "GET", "/v1/leases", "")).isEqualTo(409);
        assertThat(code(tokens.owner(), "POST", "/v1/leases", "{}")).isEqualTo(409);
    }

    @Test
    void aBrokenEnvironmentGivesNoneOutAndSaysWhy() throws IOException {
        var token = acquire("{}").get("token").getAsString();
        broken = "its node is paused";

        var refused = catchThrowableOfType(EnvctlException.class, () -> acquire("{}"));

        assertThat(refused.problem()).isEqualTo("The environment is broken: its node is paused.");
        assertThat(code(token, "GET", "/v1/leases/2", "")).isEqualTo(409);
        assertThat(code(token, "POST", "/v1/leases/2/reset", "")).isEqualTo(409);
        assertThat(code(token, "POST", "/v1/leases/2/heartbeat", "")).isEqualTo(200);
        assertThat(code(token, "DELETE", "/v1/leases/2", "")).isEqualTo(200);
    }

    @Test
    void refusesParametersThatWouldHaveNoEffect() throws IOException {
        var token = acquire("{}").get("token").getAsString();

        assertThat(code(token, "DELETE", "/v1/leases/2?keep=1", "")).isEqualTo(400);
        assertThat(code(token, "DELETE", "/v1/leases/2?kept=true", "")).isEqualTo(400);
        assertThat(code(token, "POST", "/v1/leases/2/reset?parts=postgres", "")).isEqualTo(400);
        assertThat(leases.asked).noneMatch(asked -> asked.startsWith("reset") || asked.startsWith("remove"));
        assertThat(code(token, "DELETE", "/v1/leases/2?keep=false", "")).isEqualTo(200);
    }

    @Test
    void theClientTellsAForeignTokenAndASilentPrimaryFromFailures() {
        var stranger = new LeaseClient(api.address(), "wrong");
        var silent = new LeaseClient("http://127.0.0.1:1", "wrong");

        assertThat(catchThrowableOfType(EnvctlException.class, stranger::list).kind())
                .isEqualTo(FailureKind.NOT_OWNER);
        assertThat(catchThrowableOfType(EnvctlException.class, silent::list).kind())
                .isEqualTo(FailureKind.NOT_OWNER);
    }
}
