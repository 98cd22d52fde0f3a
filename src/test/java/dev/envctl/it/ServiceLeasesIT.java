package dev.envctl.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.envctl.EnvctlException;
import dev.envctl.kubernetes.HttpKubernetesApi;
import dev.envctl.kubernetes.Kubeconfig;
import dev.envctl.readiness.Deadline;
import dev.envctl.service.Lessee;
import dev.envctl.service.PostgresLeases;
import dev.envctl.service.PostgresService;
import dev.envctl.service.RedisLeases;
import dev.envctl.service.RedisService;
import dev.envctl.service.ServiceCredentials;
import dev.envctl.service.ServiceEndpoint;
import dev.envctl.spec.EnvironmentFiles;
import dev.envctl.spec.EnvironmentSpec;
import dev.envctl.spec.Overrides;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Leases of real servers over their life: issued, reset, released, issued again. Redis has a server for each worker. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ServiceLeasesIT {
    private static final int CONNECTIONS = 5;
    private static final String NO_CONNECTIONS_ACCEPTED = "55000";
    private static final String WRONG_PASSWORD = "28P01";

    private final Project project = Project.with("leases", """
            apiVersion: envctl.dev/v1
            kind: Environment
            metadata: {name: leases}
            services:
              postgres: {init: [schema.sql]}
              redis: {isolation: instance, resources: {memory: 64Mi}}
            # What is ahead of demand is made by the tests, and by nobody else on the same server.
            workers: {count: 2, ahead: 0}
            """).file("environments/schema.sql", """
            CREATE TABLE seed (id int PRIMARY KEY);
            INSERT INTO seed VALUES (1), (2);
            """);

    private EnvironmentSpec spec() {
        return EnvironmentFiles.around(project.folder()).load("leases", Overrides.none());
    }

    private final class Servers {
        private final EnvironmentSpec spec = spec();
        private final ServiceCredentials credentials = stored();
        private final PostgresService postgres =
                new PostgresService(spec.postgres().orElseThrow(), credentials);
        private final RedisService redis = new RedisService(spec.redis().orElseThrow(), credentials);

        PostgresLeases postgresLeases() {
            return new PostgresLeases(postgres, spec.postgres().orElseThrow(), endpoint("postgres"));
        }

        RedisLeases redisLeases() {
            var instances = IntStream.rangeClosed(1, 2)
                    .mapToObj(worker -> ServiceEndpoint.onLoopback(
                            URI.create(url(worker, "redis")).getPort()))
                    .toList();
            return new RedisLeases(redis, endpoint("redis"), instances);
        }

        String admin() {
            return postgres.admin(endpoint("postgres")).url();
        }

        private ServiceEndpoint endpoint(String service) {
            var services = project.handOff("leases").getAsJsonObject("services");
            return ServiceEndpoint.onLoopback(
                    services.getAsJsonObject(service).get("port").getAsInt());
        }

        private ServiceCredentials stored() {
            try (var api = new HttpKubernetesApi(
                    Kubeconfig.parse(Files.readString(project.files("leases").resolve("kubeconfig"))))) {
                return ServiceCredentials.stored(api, soon());
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }
    }

    @BeforeAll
    void comesUp() {
        project.variable("ENVCTL_ENVIRONMENT", "leases").succeeds("up");
    }

    @AfterAll
    void goesAway() {
        project.close();
    }

    @Test
    void resetsToAPristineDatabaseAtTheSameAddress() throws SQLException {
        var servers = new Servers();
        var leases = servers.postgresLeases();
        var url = url(1, "postgres");
        assertThat(leases.replenish(1, soon())).isEqualTo(1);
        // The first takes the spare, the others copy the template.
        for (var label : List.of("first", "second", "third")) {
            PostgresClient.run(url, """
                    CREATE TABLE mine (id int);
                    INSERT INTO seed VALUES (3);
                    ALTER ROLE worker_1 SET search_path = nowhere;
                    """);
            PostgresClient.run(url, "ALTER DATABASE worker_1 WITH IS_TEMPLATE true");
            try (var open = PostgresClient.open(url)) {
                leases.reset(new Lessee(1, label), password(url), CONNECTIONS, soon());

                assertThat(open.isValid(2)).isFalse();
            }
            assertThat(PostgresClient.ask(url, "SELECT to_regclass('mine') IS NULL AND count(*) = 2 FROM seed"))
                    .isEqualTo("t");
            assertThat(PostgresClient.ask(url, "SELECT tableowner FROM pg_tables WHERE tablename = 'seed'"))
                    .isEqualTo("worker_1");
            assertThat(PostgresClient.ask(url, "SELECT rolconfig::text FROM pg_roles WHERE rolname = 'worker_1'"))
                    .isEqualTo("{application_name=envctl-worker-1-%s}".formatted(label));
        }
        // As after a restart of the server: the sessions that are kept answer no more.
        PostgresClient.run(
                servers.admin(),
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'envctl'");
        leases.replenish(0, soon());
        leases.close();
        assertThat(databases(servers, "envctl_gone_%")).isEmpty();
    }

    @Test
    void issuesAndReleasesOnDemand() throws SQLException {
        var servers = new Servers();
        var leases = servers.postgresLeases();
        for (var label : List.of("one", "two")) {
            var issued = leases.issue(List.of(new Lessee(8, label), new Lessee(7, label)), CONNECTIONS, soon());

            var url = issued.get(1).address().url();
            assertThat(PostgresClient.ask(url, "SELECT current_user || count(*) FROM seed"))
                    .isEqualTo("worker_72");
            PostgresClient.run(url, "DROP TABLE seed");
            // An unreleased lease is issued anew.
            leases.release(8, soon());
            leases.release(8, soon());
            if (label.equals("two")) {
                leases.release(7, soon());
                assertThatThrownBy(() -> PostgresClient.ask(url, "SELECT 1"))
                        .isInstanceOfSatisfying(
                                SQLException.class,
                                refused -> assertThat(refused.getSQLState()).isEqualTo(WRONG_PASSWORD));
            }
        }
        assertThat(databases(servers, "worker_7")).isEmpty();
        // A drop that a busy server holds up keeps the role until both can go.
        await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> {
            leases.replenish(0, soon());
            leases.release(7, soon());
            leases.release(8, soon());
            assertThat(PostgresClient.ask(
                            servers.admin(), "SELECT count(*) FROM pg_roles WHERE rolname IN ('worker_7', 'worker_8')"))
                    .isEqualTo("0");
        });
        assertThat(PostgresClient.ask(url(2, "postgres"), "SELECT count(*) FROM seed"))
                .isEqualTo("2");
    }

    @Test
    void adoptsWholeSparesAndDropsHalfMadeOnes() throws SQLException {
        var servers = new Servers();
        assertThat(servers.postgresLeases().replenish(2, soon())).isGreaterThanOrEqualTo(2);
        var whole = databases(servers, "envctl_spare_%");
        PostgresClient.run(servers.admin(), "CREATE DATABASE envctl_spare_half");

        assertThat(servers.postgresLeases().replenish(2, soon())).isEqualTo(whole.size());

        assertThat(databases(servers, "envctl_spare_%")).isEqualTo(whole);
        for (var url : List.of(url(2, "postgres"), servers.admin())) {
            assertThatThrownBy(() -> PostgresClient.ask(PostgresClient.onDatabase(url, whole.get(0)), "SELECT 1"))
                    .isInstanceOfSatisfying(
                            SQLException.class,
                            refused -> assertThat(refused.getSQLState()).isEqualTo(NO_CONNECTIONS_ACCEPTED));
        }
    }

    @Test
    void giveEachWorkerARedisServer() throws IOException {
        var leases = new Servers().redisLeases();
        try (var one = new RedisConversation(url(1, "redis"));
                var two = new RedisConversation(url(2, "redis"))) {
            two.ask("SET", "colour", "red");
            assertThat(one.ask("SWAPDB", "0", "1")).isEqualTo("OK");
            assertThat(one.ask("FUNCTION", "LOAD", "#!lua name=mine\nredis.register_function('mine', function() end)"))
                    .isEqualTo("mine");
            for (var command : List.of("SHUTDOWN", "MONITOR", "SAVE", "ROLE")) {
                assertThat(one.ask(command)).as(command).startsWith("-NOPERM");
            }
            assertThat(one.ask("CONFIG", "GET", "*")).startsWith("-NOPERM");
            assertThat(one.ask("FLUSHALL")).isEqualTo("OK");
            one.ask("SET", "colour", "blue");

            leases.reset(new Lessee(1, "again"), password(url(1, "redis")), soon());

            assertThatThrownBy(() -> one.ask("PING")).isInstanceOf(IOException.class);
            assertThat(two.ask("GET", "colour")).isEqualTo("red");
        }
        try (var one = new RedisConversation(url(1, "redis"))) {
            assertThat(one.ask("DBSIZE")).isEqualTo("0");
            assertThat(one.ask("FUNCTION", "LIST")).isEmpty();
        }
        assertThatThrownBy(() -> leases.issue(List.of(new Lessee(3, "x")), soon()))
                .isInstanceOf(EnvctlException.class)
                .hasMessageContaining("none for worker 3");
    }

    @Test
    void outliveTheDeathOfAnothersRedisServer() throws IOException {
        var servers = new Servers();
        var leases = servers.redisLeases();
        var kubectl = Kubectl.admin(project, project.handOff("leases"));
        try (var two = new RedisConversation(url(2, "redis"))) {
            two.ask("SET", "alive", "yes");

            kubectl.run("-n", "envctl", "exec", "deploy/redis-1", "--", "sh", "-c", "kill 1");

            await().atMost(Duration.ofSeconds(60)).until(() -> restarts(kubectl).equals("1"));
            await().atMost(Duration.ofSeconds(60)).ignoreExceptions().untilAsserted(() -> {
                leases.reset(new Lessee(1, "healed"), password(url(1, "redis")), soon());
                try (var one = new RedisConversation(url(1, "redis"))) {
                    assertThat(one.ask("PING")).isEqualTo("PONG");
                }
            });
            assertThat(two.ask("GET", "alive")).isEqualTo("yes");
        }
        var lease = project.json(project.files("leases").resolve("workers/2.json"))
                .getAsJsonObject("redis")
                .getAsJsonObject("inCluster");
        assertThat(kubectl.succeeds(
                        "-n",
                        "envctl",
                        "exec",
                        "deploy/redis-1",
                        "--",
                        "redis-cli",
                        "-u",
                        lease.get("url").getAsString(),
                        "--no-auth-warning",
                        "GET",
                        "alive"))
                .contains("yes");
    }

    private static String restarts(Kubectl kubectl) {
        return kubectl.succeeds(
                "-n",
                "envctl",
                "get",
                "pods",
                "-l",
                "dev.envctl.service=redis-1",
                "-o",
                "jsonpath={.items[0].status.containerStatuses[0].restartCount}");
    }

    @Test
    void reportWhatIsWrittenWithoutALease() throws IOException {
        var leases = new Servers().redisLeases();
        assertThat(leases.leaks(soon()).keys()).isZero();
        var shared = project.handOff("leases").getAsJsonObject("services").getAsJsonObject("redis");
        try (var redis = new RedisConversation(shared.get("url").getAsString())) {
            for (var key = 0; key < 100; key++) {
                redis.ask("SET", "stray:" + key, "x");
            }

            var leak = leases.leaks(soon());

            assertThat(leak.keys()).isEqualTo(100);
            assertThat(leak.some()).hasSizeBetween(1, 5).allMatch(key -> key.startsWith("stray:"));
            redis.ask("FLUSHDB");
        }
    }

    private static List<String> databases(Servers servers, String pattern) throws SQLException {
        var names = PostgresClient.ask(
                servers.admin(),
                "SELECT coalesce(string_agg(datname, ' ' ORDER BY datname), '') FROM pg_database WHERE datname LIKE '%s'"
                        .formatted(pattern));
        return names.isEmpty() ? List.of() : List.of(names.split(" ", -1));
    }

    private String url(int worker, String service) {
        return project.json(project.files("leases").resolve("workers/%d.json".formatted(worker)))
                .getAsJsonObject(service)
                .get("url")
                .getAsString();
    }

    private static String password(String url) {
        return URI.create(url).getUserInfo().split(":", 2)[1];
    }

    private static Deadline soon() {
        return Deadline.in(Duration.ofSeconds(60));
    }
}
