package dev.envctl.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.envctl.it.Attempt.Misfired;
import dev.envctl.it.Attempt.Succeeded;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * Worker 1 tries with all its lease gave it to get at worker 2, at the services and at the environment's life; nothing
 * may succeed. Each attempt must be refused for want of rights: one that fails otherwise shows nothing and fails the test.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class HostileWorkerIT {
    private static final int FEWEST = 200;

    private final Project project = Project.with("hostile", Project.small("hostile"));
    private Map<String, String> hostile = Map.of();
    private Map<String, String> victim = Map.of();

    @BeforeAll
    void comesUp() {
        project.variable("ENVCTL_ENVIRONMENT", "hostile").succeeds("up");
        hostile = project.exportedBy(". .envctl/hostile/workers/1.env");
        victim = project.exportedBy(". .envctl/hostile/workers/2.env");
    }

    @AfterAll
    void goesAway() {
        project.close();
    }

    @Test
    void getsNowhere() throws SQLException, IOException {
        try (var connection = PostgresClient.open(setting(victim, "DATABASE_URL"));
                var statement = connection.createStatement()) {
            statement.execute("CREATE TABLE treasure AS SELECT 'gold' AS kind");
            keepTreasure();
            useWhatIsItsOwn();
            var attempts = attempts(pid(connection));

            var wrong = new LinkedHashMap<String, String>();
            var succeeded = 0;
            for (var attempt : attempts) {
                var outcome = attempt.outcome();
                if (outcome instanceof Succeeded || outcome instanceof Misfired) {
                    wrong.put(attempt.name(), outcome.toString());
                }
                succeeded += outcome instanceof Succeeded ? 1 : 0;
            }
            System.out.printf("hostile worker: %d attempts, %d succeeded%n", attempts.size(), succeeded);

            assertThat(wrong).isEmpty();
            assertThat(attempts)
                    .extracting(Attempt::name)
                    .doesNotHaveDuplicates()
                    .hasSizeGreaterThanOrEqualTo(FEWEST);
            // On the connection that was open all along.
            try (var rows = statement.executeQuery("SELECT kind FROM treasure")) {
                assertThat(rows.next()).isTrue();
                assertThat(rows.getString(1)).isEqualTo("gold");
            }
        }
        findTreasure();
        useWhatIsItsOwn();
        assertThat(project.succeeds("status").stdout()).contains("ready");
    }

    private List<Attempt> attempts(int pid) {
        var handOff = project.handOff("hostile");
        var admin = Kubectl.admin(project, handOff);
        var node = handOff.getAsJsonObject("cluster")
                .getAsJsonArray("nodes")
                .get(0)
                .getAsString();
        var pod = admin.succeeds("-n", "envctl", "get", "pods", "-l", "dev.envctl.service=postgres", "-o", "name");
        var attempts = new ArrayList<Attempt>();
        attempts.addAll(new PostgresAttempts(setting(hostile, "DATABASE_URL"), pid).all());
        attempts.addAll(new RedisAttempts(setting(hostile, "REDIS_URL")).all());
        attempts.addAll(new KubernetesAttempts(
                        new ApiServerClient(Path.of(setting(hostile, "KUBECONFIG"))),
                        node,
                        pod.strip().replace("pod/", ""))
                .all());
        attempts.addAll(new ApiAttempts(
                        project, handOff.getAsJsonObject("primary").get("api").getAsString(), hostile)
                .all());
        return attempts;
    }

    private static int pid(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT pg_backend_pid()")) {
            rows.next();
            return rows.getInt(1);
        }
    }

    private void keepTreasure() throws IOException {
        try (var redis = new RedisConversation(setting(victim, "REDIS_URL"))) {
            assertThat(redis.ask("SET", "treasure", "gold")).isEqualTo("OK");
        }
        kubectl(victim).succeeds("create", "secret", "generic", "treasure", "--from-literal=kind=gold");
    }

    private void findTreasure() throws IOException {
        try (var redis = new RedisConversation(setting(victim, "REDIS_URL"))) {
            assertThat(redis.ask("GET", "treasure")).isEqualTo("gold");
        }
        kubectl(victim).succeeds("get", "secret", "treasure");
    }

    /** What is refused above is not refused because nothing works at all. */
    private void useWhatIsItsOwn() throws SQLException, IOException {
        var url = setting(hostile, "DATABASE_URL");
        PostgresClient.run(url, """
                CREATE TABLE own (id int);
                INSERT INTO own VALUES (1);
                DROP TABLE own;
                CREATE SCHEMA mine;
                DROP SCHEMA mine;
                """);
        try (var redis = new RedisConversation(setting(hostile, "REDIS_URL"))) {
            assertThat(redis.ask("SET", "mine", "1")).isEqualTo("OK");
            assertThat(redis.ask("EVAL", "return redis.call('GET', 'mine')", "0"))
                    .isEqualTo("1");
            assertThat(redis.ask("PUBLISH", "envctl:worker-1:news", "x")).isEqualTo("0");
            assertThat(redis.ask("FLUSHDB")).isEqualTo("OK");
        }
        var own = kubectl(hostile);
        own.succeeds("create", "configmap", "own");
        own.succeeds("delete", "configmap", "own");
        own.succeeds("run", "own", "--image=localhost/none:1", "--image-pull-policy=Never");
        own.succeeds("delete", "pod", "own", "--now");
        own.succeeds("create", "service", "nodeport", "own", "--tcp=80");
        own.succeeds("delete", "service", "own");
    }

    private Kubectl kubectl(Map<String, String> lease) {
        return Kubectl.admin(project, project.handOff("hostile")).with(setting(lease, "KUBECONFIG"));
    }

    private static String setting(Map<String, String> lease, String name) {
        return lease.getOrDefault(name, "");
    }
}
