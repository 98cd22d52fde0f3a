package dev.envctl.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The four leases of {@code environments/e2e.yaml}: each is whole, and none reaches into another. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class WorkerLeasesIT {
    private static final int WORKERS = 4;
    private static final int CONNECTIONS = 20;
    private static final int PORTS = 10;
    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final String FORBIDDEN = "42501";
    private static final String TOO_MANY_CONNECTIONS = "53300";

    private final Project project = Project.withCopyOf("environments");
    private final Map<Integer, Map<String, String>> leases = new TreeMap<>();

    @BeforeAll
    void comesUp() {
        project.succeeds("up");
        for (var worker = 1; worker <= WORKERS; worker++) {
            leases.put(worker, project.exportedBy(". .envctl/e2e/workers/%d.env".formatted(worker)));
        }
    }

    @AfterAll
    void goesAway() {
        project.close();
    }

    @Test
    void handsOffEveryFieldOfTheContract() throws IOException {
        HandOffContract.check(project, "e2e", WORKERS);
    }

    @Test
    void removesTheEnvironmentForNoWorker() {
        var primary =
                project.handOff("e2e").getAsJsonObject("primary").get("pid").getAsString();

        for (var command : List.of("down", "up --recreate")) {
            var ran = project.bash("set -a; . .envctl/e2e/workers/1.env; exec \"$ENVCTL\" " + command);

            assertThat(ran.exitCode()).as(ran.all()).isEqualTo(6);
            assertThat(ran.stderr()).contains("worker 1 of environment e2e", "pid " + primary);
        }
        assertThat(project.succeeds("status").stdout()).contains("ready");
    }

    @Test
    void nameEverySettingOfTheContract() {
        leases.forEach((worker, lease) -> assertThat(lease)
                .containsOnlyKeys(
                        "ENVCTL_WORKER",
                        "ENVCTL_LEASE",
                        "ENVCTL_TEST_ID",
                        "ENVCTL_API",
                        "ENVCTL_TOKEN",
                        "KUBECONFIG",
                        "ENVCTL_NAMESPACE",
                        "PGHOST",
                        "PGPORT",
                        "PGUSER",
                        "PGPASSWORD",
                        "PGDATABASE",
                        "DATABASE_URL",
                        "REDIS_URL",
                        "ENVCTL_CLIENT_NAME",
                        "PGAPPNAME",
                        "ENVCTL_PORTS",
                        "ENVCTL_NODE_PORTS",
                        "ENVCTL_IN_CLUSTER_DATABASE_URL",
                        "ENVCTL_IN_CLUSTER_REDIS_URL",
                        "TRACEPARENT")
                .containsEntry("ENVCTL_WORKER", Integer.toString(worker))
                .containsEntry(
                        "DATABASE_URL",
                        "postgresql://%s:%s@%s:%s/%s"
                                .formatted(
                                        lease.get("PGUSER"),
                                        lease.get("PGPASSWORD"),
                                        lease.get("PGHOST"),
                                        lease.get("PGPORT"),
                                        lease.get("PGDATABASE"))));
    }

    @Test
    void areTheSameInBothFilesAndInWhatEnvPrints() {
        leases.forEach((worker, lease) -> {
            assertThat(project.exportedBy("eval \"$(\"$ENVCTL\" env --worker %d)\"".formatted(worker)))
                    .isEqualTo(lease);
            var json = project.json(project.files("e2e").resolve("workers/%d.json".formatted(worker)));
            assertThat(text(json, "testId")).isEqualTo(lease.get("ENVCTL_TEST_ID"));
            assertThat(text(json, "kubeconfig")).isEqualTo(lease.get("KUBECONFIG"));
            assertThat(text(json, "namespace")).isEqualTo(lease.get("ENVCTL_NAMESPACE"));
            assertThat(text(json, "traceparent")).isEqualTo(lease.get("TRACEPARENT"));
            assertThat(text(json.getAsJsonObject("postgres"), "url")).isEqualTo(lease.get("DATABASE_URL"));
            assertThat(text(json.getAsJsonObject("redis"), "url")).isEqualTo(lease.get("REDIS_URL"));
            var ports = json.getAsJsonObject("ports");
            assertThat(text(ports, "from") + "-" + text(ports, "to")).isEqualTo(lease.get("ENVCTL_PORTS"));
        });
    }

    @Test
    void areRefusedToAWorkerThatDoesNotExist() {
        var refused = project.envctl("env", "--worker", "5");

        assertThat(refused.exitCode()).as(refused.all()).isEqualTo(2);
        assertThat(refused.stderr()).contains("has no worker 5: it has 4");
    }

    @Test
    void haveADatabaseThatNoOtherRoleMayEnter() throws SQLException {
        for (var worker : leases.keySet()) {
            var url = setting(worker, "DATABASE_URL");
            assertThat(PostgresClient.ask(url, "SELECT current_user || ' ' || current_database()"))
                    .isEqualTo("worker_%1$d worker_%1$d".formatted(worker));
            PostgresClient.run(url, "CREATE TABLE mine (id int)");
            var others = new ArrayList<>(List.of("app", "postgres", "template1"));
            leases.keySet().stream()
                    .filter(other -> !other.equals(worker))
                    .forEach(other -> others.add("worker_" + other));
            for (var other : others) {
                assertThatThrownBy(() -> PostgresClient.ask(PostgresClient.onDatabase(url, other), "SELECT 1"))
                        .as("worker %d in %s", worker, other)
                        .isInstanceOfSatisfying(
                                SQLException.class,
                                refused -> assertThat(refused.getSQLState()).isEqualTo(FORBIDDEN));
            }
        }
    }

    @Test
    void endAtTheirOwnNumberOfConnections() throws SQLException {
        var url = setting(1, "DATABASE_URL");
        var open = new ArrayList<Connection>();
        try {
            for (var i = 0; i < CONNECTIONS; i++) {
                open.add(PostgresClient.open(url));
            }
            assertThatThrownBy(() -> PostgresClient.open(url).close())
                    .isInstanceOfSatisfying(
                            SQLException.class,
                            refused -> assertThat(refused.getSQLState()).isEqualTo(TOO_MANY_CONNECTIONS));
            assertThat(PostgresClient.ask(setting(2, "DATABASE_URL"), "SELECT 1"))
                    .isEqualTo("1");
        } finally {
            for (var connection : open) {
                connection.close();
            }
        }
    }

    @Test
    void haveARedisIndexThatNoOtherUserMaySelect() throws IOException {
        for (var worker : leases.keySet()) {
            try (var redis = new RedisConversation(setting(worker, "REDIS_URL"))) {
                assertThat(redis.ask("ACL", "WHOAMI")).isEqualTo("worker-" + worker);
                assertThat(redis.ask("ACL", "LIST")).startsWith("-NOPERM");
                assertThat(redis.ask("GET", "colour")).isEqualTo("(nil)");
                assertThat(redis.ask("SET", "colour", "of " + worker)).isEqualTo("OK");
                for (var other = 0; other <= WORKERS; other++) {
                    if (other != worker) {
                        assertThat(redis.ask("SELECT", Integer.toString(other)))
                                .as("worker %d in %d", worker, other)
                                .startsWith("-NOPERM");
                    }
                }
                assertThat(redis.ask("FLUSHALL")).startsWith("-NOPERM");
                assertThat(redis.ask("SWAPDB", "1", "2")).startsWith("-NOPERM");
                assertThat(redis.ask("GET", "colour")).isEqualTo("of " + worker);
            }
        }
    }

    @Test
    void keepTheirRedisWhenOneOfThemReadsNoAnswers() throws IOException {
        try (var other = new RedisConversation(setting(2, "REDIS_URL"));
                var greedy = new RedisConversation(setting(1, "REDIS_URL"))) {
            assertThat(other.ask("SET", "treasure", "gold")).isEqualTo("OK");
            assertThat(greedy.ask("SETRANGE", "much", "200000000", "x")).startsWith("-ERR");
            assertThat(greedy.ask("SETRANGE", "much", "8000000", "x")).isEqualTo("8000001");
            // Nearly twice the container's limit each time, if all answers were kept.
            flood(60, "GET much");
            flood(1, "MGET" + " much".repeat(60));
            // On the connection that was open all along.
            assertThat(other.ask("GET", "treasure")).isEqualTo("gold");
            assertThat(greedy.ask("DEL", "much")).isEqualTo("1");
        }
        assertThat(Kubectl.admin(project, project.handOff("e2e"))
                        .get("-n", "envctl", "pods", "-l", "dev.envctl.service=redis")
                        .toString())
                .contains("\"restartCount\":0");
        assertThat(project.succeeds("status").stdout()).contains("ready");
    }

    private void flood(int times, String command) throws IOException {
        try (var redis = new RedisConversation(setting(1, "REDIS_URL"))) {
            assertThatThrownBy(() -> {
                        for (var i = 0; i < times; i++) {
                            redis.send(command.split(" ", -1));
                        }
                        RunningUp.pause(Duration.ofSeconds(2));
                        for (var i = 0; i < times; i++) {
                            redis.answer();
                        }
                    })
                    .as("Redis hangs up")
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void areResetWhileAScriptOfAnotherNeverEnds() throws IOException {
        try (var other = new RedisConversation(setting(2, "REDIS_URL"));
                var busy = new RedisConversation(setting(1, "REDIS_URL"))) {
            assertThat(other.ask("SET", "old", "1")).isEqualTo("OK");
            busy.send("EVAL", "while true do end", "0");

            project.succeeds("worker", "reset", "2", "--only", "redis");

            assertThat(busy.answer()).startsWith("-").contains("killed");
        }
        try (var redis = new RedisConversation(setting(2, "REDIS_URL"))) {
            assertThat(redis.ask("DBSIZE")).isEqualTo("0");
        }
    }

    @Test
    void haveTheAccountsAndRightsOfTheirNamespaceAgainAfterAReset() {
        var admin = Kubectl.admin(project, project.handOff("e2e"));
        var own = admin.with(setting(3, "KUBECONFIG"));
        own.succeeds("patch", "sa", "default", "-p", "{\"automountServiceAccountToken\": false}");
        own.succeeds("patch", "sa", "worker", "-p", "{\"imagePullSecrets\": [{\"name\": \"mine\"}]}");
        own.succeeds("annotate", "sa", "default", "kubernetes.io/enforce-mountable-secrets=true");
        admin.succeeds("-n", "worker-3", "delete", "rolebinding", "worker");
        admin.succeeds("-n", "worker-3", "create", "rolebinding", "worker", "--clusterrole=view", "--user=somebody");

        project.succeeds("worker", "reset", "3", "--only", "kubernetes");

        var again = identities(admin);
        assertThat(admin.get("-n", "worker-3", "sa").toString())
                .doesNotContain("automountServiceAccountToken", "imagePullSecrets", "enforce-mountable-secrets");
        own.succeeds("create", "configmap", "mine");
        own.succeeds("get", "rolebinding", "worker");
        project.succeeds("worker", "reset", "3", "--only", "kubernetes");
        assertThat(identities(admin)).isEqualTo(again);
        own.succeeds("create", "configmap", "mine");
    }

    private static String identities(Kubectl admin) {
        return admin.succeeds("-n", "worker-3", "get", "sa,rolebinding", "-o", "jsonpath={.items[*].metadata.uid}");
    }

    @Test
    void loseInAResetAlsoKindsThatOnlyAnotherVersionOfTheirGroupServes() {
        var admin = Kubectl.admin(project, project.handOff("e2e"));
        // What Kubernetes itself has is known from now on; this group is not of it, although it is called so.
        project.succeeds("worker", "reset", "4", "--only", "kubernetes");
        for (var kind : List.of("Old v1", "New v1alpha2")) {
            var parts = kind.split(" ", -1);
            var plural = parts[0].toLowerCase(Locale.ROOT) + "s";
            project.file("crd.yaml", """
                    apiVersion: apiextensions.k8s.io/v1
                    kind: CustomResourceDefinition
                    metadata:
                      name: %1$s.tests.k8s.io
                      annotations: {api-approved.kubernetes.io: "unapproved, for a test"}
                    spec:
                      group: tests.k8s.io
                      scope: Namespaced
                      names: {plural: %1$s, singular: %2$s, kind: %3$s}
                      versions:
                      - name: %4$s
                        served: true
                        storage: true
                        schema: {openAPIV3Schema: {type: object}}
                    """.formatted(plural, parts[0].toLowerCase(Locale.ROOT), parts[0], parts[1]));
            admin.succeeds("apply", "-f", project.folder().resolve("crd.yaml").toString());
            project.file("object.yaml", """
                    apiVersion: tests.k8s.io/%s
                    kind: %s
                    metadata: {name: mine, namespace: worker-4}
                    """.formatted(parts[1], parts[0]));
            await().atMost(LIMIT)
                    .untilAsserted(() -> admin.succeeds(
                            "apply",
                            "-f",
                            project.folder().resolve("object.yaml").toString()));
        }

        project.succeeds("worker", "reset", "4", "--only", "kubernetes");

        assertThat(admin.succeeds("-n", "worker-4", "get", "olds,news", "-o", "name"))
                .isBlank();
    }

    @Test
    void mayDoEverythingInTheirNamespaceAndNothingInAnother() {
        var admin = Kubectl.admin(project, project.handOff("e2e"));
        for (var worker : leases.keySet()) {
            var own = admin.with(setting(worker, "KUBECONFIG"));
            own.succeeds("create", "configmap", "mine", "--from-literal=worker=" + worker);
            assertThat(admin.get("-n", setting(worker, "ENVCTL_NAMESPACE"), "configmap", "mine")
                            .getAsJsonObject("data")
                            .get("worker")
                            .getAsInt())
                    .isEqualTo(worker);

            var other = setting(worker % WORKERS + 1, "ENVCTL_NAMESPACE");
            assertThat(own.run("-n", other, "create", "configmap", "theirs").stderr())
                    .containsIgnoringCase("forbidden");
            assertThat(own.run("-n", "envctl", "get", "secrets").stderr()).containsIgnoringCase("forbidden");
            assertThat(own.run("get", "nodes").stderr()).containsIgnoringCase("forbidden");
        }
    }

    @Test
    void haveFreePortsOfTheirOwn() throws IOException {
        var all = new HashSet<Integer>();
        for (var worker : leases.keySet()) {
            var ends = setting(worker, "ENVCTL_PORTS").split("-", -1);
            var ports = IntStream.rangeClosed(Integer.parseInt(ends[0]), Integer.parseInt(ends[1]))
                    .boxed()
                    .toList();
            assertThat(ports).hasSize(PORTS).allMatch(port -> port >= 15000 && port <= 25000);
            for (var port : ports) {
                assertThat(all.add(port))
                        .as("port %d is worker %d's alone", port, worker)
                        .isTrue();
                try (var socket = new ServerSocket()) {
                    socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
                }
            }
        }
    }

    @Test
    void shareATraceAndNothingElse() {
        var traces = new HashSet<String>();
        var spans = new HashSet<String>();
        for (var worker : leases.keySet()) {
            var parts = setting(worker, "TRACEPARENT").split("-", -1);
            assertThat(parts).hasSize(4);
            assertThat(parts[1]).matches("[0-9a-f]{32}");
            assertThat(parts[2]).matches("[0-9a-f]{16}");
            traces.add(parts[1]);
            spans.add(parts[2]);
        }
        assertThat(traces).hasSize(1);
        assertThat(spans).hasSize(WORKERS);
        for (var own :
                Set.of("ENVCTL_TEST_ID", "PGUSER", "PGPASSWORD", "PGDATABASE", "REDIS_URL", "ENVCTL_NAMESPACE")) {
            assertThat(leases.keySet().stream().map(worker -> setting(worker, own)))
                    .as(own)
                    .doesNotHaveDuplicates();
        }
    }

    @Test
    void giveAddressesThatWorkInsidePods() {
        var kubectl = Kubectl.admin(project, project.handOff("e2e"));
        var lease = leases.getOrDefault(1, Map.of());

        assertThat(kubectl.succeeds(
                                "-n",
                                "envctl",
                                "exec",
                                "deploy/postgres",
                                "--",
                                "psql",
                                setting(1, "ENVCTL_IN_CLUSTER_DATABASE_URL"),
                                "-Atc",
                                "SELECT current_user")
                        .strip())
                .isEqualTo(lease.get("PGUSER"));
        assertThat(kubectl.succeeds(
                        "-n",
                        "envctl",
                        "exec",
                        "deploy/redis",
                        "--",
                        "redis-cli",
                        "-u",
                        setting(1, "ENVCTL_IN_CLUSTER_REDIS_URL"),
                        "--no-auth-warning",
                        "PING"))
                .contains("PONG");
        // From the one service to the other, by its name: not only to itself.
        assertThat(kubectl.succeeds(
                        "-n",
                        "envctl",
                        "exec",
                        "deploy/postgres",
                        "--",
                        "bash",
                        "-c",
                        "exec 3<>/dev/tcp/redis.envctl.svc.cluster.local/6379; echo PING >&3; head -n 1 <&3"))
                .startsWith("-NOAUTH");
    }

    private String setting(int worker, String name) {
        return leases.getOrDefault(worker, Map.of()).getOrDefault(name, "");
    }

    private static String text(JsonObject object, String field) {
        return object.get(field).getAsString();
    }
}
