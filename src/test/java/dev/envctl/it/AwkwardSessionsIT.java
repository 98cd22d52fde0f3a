package dev.envctl.it;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonObject;
import dev.envctl.EnvctlException;
import dev.envctl.kubernetes.HttpKubernetesApi;
import dev.envctl.kubernetes.Kubeconfig;
import dev.envctl.readiness.Deadline;
import dev.envctl.service.Lessee;
import dev.envctl.service.PostgresLeases;
import dev.envctl.service.PostgresService;
import dev.envctl.service.ServiceCredentials;
import dev.envctl.service.ServiceEndpoint;
import dev.envctl.spec.EnvironmentFiles;
import dev.envctl.spec.Overrides;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What workers leave open, or change of their own, in a real Postgres: their leases and those of others go on. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class AwkwardSessionsIT {
    private static final String NAME = "awkward";
    private static final int CONNECTIONS = 5;
    /** Far less than the time that a session of the superuser waits for an answer. */
    private static final Duration SOON = Duration.ofSeconds(30);

    private final Project project = Project.with(NAME, """
            apiVersion: envctl.dev/v1
            kind: Environment
            metadata: {name: awkward}
            services:
              postgres: {settings: {max_prepared_transactions: 10}}
              redis: {isolation: instance, resources: {memory: 64Mi}}
            # What is ahead of demand is made by the tests, and by nobody else on the same server.
            workers: {count: 2, ahead: 0}
            """);

    @BeforeAll
    void comesUp() {
        project.succeeds("up", "-e", NAME);
    }

    @AfterAll
    void goesAway() {
        project.close();
    }

    @Test
    void aClientThatDoesNotReadHoldsUpNoOther() throws Exception {
        Installed.requireShellTools();
        try (var leases = leases()) {
            var other = leases.issue(List.of(new Lessee(7, "other")), CONNECTIONS, minute())
                    .get(0);
            leases.replenish(1, minute());
            var reader = project.startProgram(List.of(
                    "psql",
                    url(1),
                    "-c",
                    "COPY (SELECT repeat('x', 1000000) FROM generate_series(1, 10000)) TO STDOUT"));
            try {
                await().until(() -> waitsForItsClient().equals("1"));

                reset(leases, 2);
                reset(leases, 2);
                within(SOON, () -> leases.release(other.worker(), minute()));

                assertThat(database(other.address().database())).isEqualTo("0");
                assertThatThrownBy(() -> leases.replenish(2, minute()))
                        .isInstanceOf(EnvctlException.class)
                        .hasMessageContaining("that of worker_1 with pid")
                        .hasMessageContaining("ClientWrite");
                assertThat(spares()).hasSizeGreaterThanOrEqualTo(2);
                // Of ours, none that nobody waits for any more.
                assertThat(waitsForItsClient()).isEqualTo("1");
                assertThat(
                                PostgresClient.ask(
                                        admin(),
                                        "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND application_name = 'envctl'"))
                        .isEqualTo("0");

                reset(leases, 1);
            } finally {
                reader.destroyForcibly();
            }
            leases.replenish(2, minute());
            assertThat(PostgresClient.ask(
                            admin(), "SELECT count(*) FROM pg_database WHERE starts_with(datname, 'envctl_gone_')"))
                    .isEqualTo("0");
        }
    }

    /** Any role may set something for itself in any database, and holds that until its transaction ends. */
    @Test
    void anotherWorkersOpenTransactionKeepsNoResetWaiting() throws Exception {
        try (var leases = leases();
                var open = PostgresClient.open(url(2));
                var statement = open.createStatement()) {
            open.setAutoCommit(false);
            statement.execute("ALTER ROLE worker_2 IN DATABASE worker_1 SET search_path = nowhere");

            reset(leases, 1);

            assertThat(PostgresClient.ask(url(1), "SELECT current_user")).isEqualTo("worker_1");
        }
    }

    @Test
    void anOpenTransactionThatChangesRoleOrDatabaseKeepsNoResetWaiting() throws Exception {
        try (var leases = leases()) {
            for (var change : List.of(
                    "ALTER ROLE worker_1 PASSWORD 'x'",
                    "ALTER DATABASE worker_1 CONNECTION LIMIT 3",
                    "ALTER ROLE worker_1 IN DATABASE worker_1 SET search_path = nowhere")) {
                try (var open = PostgresClient.open(url(1));
                        var statement = open.createStatement()) {
                    open.setAutoCommit(false);
                    statement.execute(change);

                    reset(leases, 1);

                    assertThat(open.isValid(2)).as(change).isFalse();
                }
                assertThat(PostgresClient.ask(url(1), "SHOW search_path"))
                        .as(change)
                        .contains("public");
            }
        }
    }

    @Test
    void whoConnectsAgainAndAgainDoesNotWin() throws Exception {
        var connected = new AtomicInteger();
        var ended = new AtomicBoolean();
        var url = url(1);
        var threads = IntStream.range(0, 3)
                .mapToObj(number -> new Thread(() -> {
                    while (!ended.get()) {
                        changeAndStay(url, connected);
                    }
                }))
                .toList();
        threads.forEach(Thread::start);
        try (var leases = leases()) {
            var before = new AtomicInteger();
            for (var round = 0; round < 3; round++) {
                await().until(() -> connected.get() > before.get());
                before.set(connected.get());
                reset(leases, 1);
            }
        } finally {
            ended.set(true);
        }
        try (var leases = leases()) {
            reset(leases, 1);
        }
        for (var thread : threads) {
            thread.join(SOON.plus(SOON).toMillis());
            assertThat(thread.isAlive()).isFalse();
        }
    }

    private static void changeAndStay(String url, AtomicInteger connected) {
        try (var open = PostgresClient.open(url);
                var statement = open.createStatement()) {
            open.setAutoCommit(false);
            statement.execute("ALTER DATABASE worker_1 CONNECTION LIMIT 5");
            connected.incrementAndGet();
            statement.execute("SELECT pg_sleep(10)");
        } catch (SQLException e) {
            // Ended, or not let in.
            return;
        }
    }

    @Test
    void preparedTransactionsAreRolledBack() throws Exception {
        try (var leases = leases()) {
            for (var change : List.of(
                    "CREATE TABLE mine (id int)",
                    "ALTER ROLE worker_1 PASSWORD 'x'",
                    "ALTER DATABASE worker_1 CONNECTION LIMIT 3")) {
                prepare(url(1), change);
                reset(leases, 1);
                assertThat(PostgresClient.ask(url(1), "SELECT count(*) FROM pg_prepared_xacts"))
                        .as(change)
                        .isEqualTo("0");
            }
            var other = leases.issue(List.of(new Lessee(8, "other")), CONNECTIONS, minute())
                    .get(0);
            prepare(other.address().url(), "CREATE TABLE mine (id int)");
            within(SOON, () -> leases.release(8, minute()));
            assertThat(database("worker_8")).isEqualTo("0");
        }
    }

    private static void prepare(String url, String change) throws SQLException {
        try (var open = PostgresClient.open(url);
                var statement = open.createStatement()) {
            statement.execute("BEGIN");
            statement.execute(change);
            statement.execute("PREPARE TRANSACTION 'it''s prepared'");
        }
    }

    @Test
    void whatARoleSetForASpareIsForgotten() throws Exception {
        try (var leases = leases()) {
            reset(leases, 1);
            leases.replenish(1, minute());
            for (var spare : spares()) {
                PostgresClient.run(
                        url(1), "ALTER ROLE worker_1 IN DATABASE %s SET search_path = nowhere".formatted(spare));
            }

            reset(leases, 1);

            assertThat(PostgresClient.ask(url(1), "SHOW search_path")).contains("public");
        }
    }

    @Test
    void aSpareThatATransactionHoldsIsTakenFromIt() throws Exception {
        try (var leases = leases()) {
            var before = leases.replenish(1, minute());
            try (var open = PostgresClient.open(url(1));
                    var statement = open.createStatement()) {
                open.setAutoCommit(false);
                for (var spare : spares()) {
                    statement.execute("ALTER ROLE worker_1 IN DATABASE %s SET search_path = nowhere".formatted(spare));
                }

                reset(leases, 2);

                assertThat(open.isValid(2)).isFalse();
            }
            assertThat(leases.replenish(0, minute())).isEqualTo(before - 1);
        }
    }

    @Test
    void aSpareThatAPreparedTransactionHoldsIsTakenFromIt() throws Exception {
        try (var leases = leases()) {
            var before = leases.replenish(1, minute());
            prepare(
                    url(1),
                    spares().stream()
                            .map("ALTER ROLE worker_1 IN DATABASE %s SET search_path = nowhere;"::formatted)
                            .collect(joining()));

            reset(leases, 2);

            assertThat(leases.replenish(0, minute())).isEqualTo(before - 1);
            assertThat(PostgresClient.ask(admin(), "SELECT count(*) FROM pg_prepared_xacts"))
                    .isEqualTo("0");
        }
    }

    /** The names of all databases are there to read, and new spares too are held as soon as they are made. */
    @Test
    void whoLocksEverySpareKeepsNobodyWaiting() throws Exception {
        try (var leases = leases()) {
            leases.replenish(2, minute());
            try (var locking = new Stubborn(1, "worker_2", url(2), """
                    DO $$ DECLARE seen name[] := '{}'; spare name; BEGIN
                      LOOP
                        FOR spare IN SELECT datname FROM pg_database
                          WHERE starts_with(datname, 'envctl_spare_') AND datname <> ALL (seen)
                        LOOP
                          BEGIN
                            EXECUTE format('ALTER ROLE worker_2 IN DATABASE %I SET search_path = nowhere', spare);
                            seen := seen || spare;
                          EXCEPTION WHEN OTHERS THEN NULL;
                          END;
                        END LOOP;
                        PERFORM pg_sleep(0.001);
                      END LOOP;
                    END $$""")) {
                for (var ready = leases.replenish(0, minute()); ready > 0; ready--) {
                    await().until(() -> held("envctl_spare_%") == spares().size());

                    reset(leases, 1);

                    assertThat(leases.replenish(0, minute())).isEqualTo(ready - 1);
                }
                // Without one that is ready.
                reset(leases, 1);
                within(SOON, () -> leases.issue(List.of(new Lessee(9, "other")), CONNECTIONS, minute()));
                within(SOON, () -> leases.release(9, minute()));
                assertThat(leases.replenish(2, minute())).isEqualTo(2);
                assertThat(PostgresClient.ask(
                                admin(), "SELECT count(*) FROM pg_database WHERE starts_with(datname, 'envctl_gone_')"))
                        .isEqualTo("0");
                assertThat(locking.isAlive()).isTrue();
            }
        }
    }

    @Test
    void anotherWorkersPreparedTransactionKeepsNoResetWaiting() throws Exception {
        try (var leases = leases()) {
            prepare(url(1), "ALTER ROLE worker_1 IN DATABASE worker_2 SET search_path = nowhere");
            // From here on nobody connects to its database who does not say otherwise.
            PostgresClient.run(url(1), "ALTER DATABASE worker_1 SET local_preload_libraries = 'nowhere'");

            reset(leases, 2);
            reset(leases, 1);

            assertThat(PostgresClient.ask(admin(), "SELECT count(*) FROM pg_prepared_xacts"))
                    .isEqualTo("0");
        }
    }

    @Test
    void whoPassesALockFromSessionToSessionKeepsNoResetWaiting() throws Exception {
        try (var leases = leases()) {
            var relay =
                    leases.issue(List.of(new Lessee(9, "relay")), 20, minute()).get(0);
            // The server itself lets the next one go on as soon as one has ended.
            try (var passing = new Stubborn(16, "worker_9", relay.address().url(), """
                    SELECT pg_advisory_xact_lock(1);
                    ALTER ROLE worker_9 IN DATABASE worker_1 SET search_path = nowhere;
                    SELECT pg_sleep(60)""")) {
                for (var round = 0; round < 3; round++) {
                    await().until(() -> held("worker_1") == 1);
                    reset(leases, 1);
                    // Who stood behind the reset now holds the database that was put aside.
                    leases.replenish(0, minute());
                }
                assertThat(passing.isAlive()).isTrue();
            }
            leases.release(9, minute());
        }
    }

    @Test
    void theSuperusersOwnSessionsAreNotEndedAndAResetThatFailedIsMadeUpFor() throws Exception {
        try (var leases = leases()) {
            var before = leases.replenish(1, minute());
            try (var open = PostgresClient.open(admin());
                    var statement = open.createStatement()) {
                open.setAutoCommit(false);
                for (var spare : spares()) {
                    statement.execute("ALTER ROLE postgres IN DATABASE %s SET search_path = nowhere".formatted(spare));
                }

                assertThatThrownBy(() -> leases.reset(
                                new Lessee(1, "again"),
                                lease(1).get("password").getAsString(),
                                CONNECTIONS,
                                Deadline.in(Duration.ofSeconds(2))))
                        .isInstanceOf(EnvctlException.class);

                assertThat(open.isValid(2)).isTrue();
            }
            reset(leases, 1);
            assertThat(leases.replenish(0, minute())).isEqualTo(before - 1);
        }
    }

    /** How many databases of such a name others than the superuser hold. */
    private long held(String pattern) throws SQLException {
        return Long.parseLong(PostgresClient.ask(admin(), """
                SELECT count(*) FROM pg_locks JOIN pg_database d ON d.oid = objid JOIN pg_stat_activity a USING (pid)
                WHERE classid = 'pg_database'::regclass AND granted AND usename <> current_user AND d.datname LIKE '%s'
                """.formatted(pattern)));
    }

    /** Sessions that begin again, with the same SQL, each time that they are ended. */
    private final class Stubborn implements AutoCloseable {
        private final AtomicBoolean ended = new AtomicBoolean();
        private final String role;
        private final List<Thread> threads;

        Stubborn(int sessions, String role, String url, String sql) {
            this.role = role;
            this.threads = IntStream.range(0, sessions)
                    .mapToObj(number -> new Thread(() -> goOn(url, sql)))
                    .toList();
            threads.forEach(Thread::start);
        }

        boolean isAlive() {
            return threads.stream().allMatch(Thread::isAlive);
        }

        private void goOn(String url, String sql) {
            while (!ended.get()) {
                runOnce(url, sql);
            }
        }

        private static void runOnce(String url, String sql) {
            try {
                PostgresClient.run(url, sql);
            } catch (SQLException e) {
                // It was ended.
                return;
            }
        }

        @Override
        public void close() {
            ended.set(true);
            await().atMost(SOON).until(() -> {
                PostgresClient.run(
                        admin(),
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '%s'".formatted(role));
                return threads.stream().noneMatch(Thread::isAlive);
            });
        }
    }

    @Test
    void aLoginThatAWorkerHasChangedIsGivenBackWhenTheEnvironmentIsTakenOver() throws Exception {
        var id = project.handOff(NAME).get("id").getAsString();
        PostgresClient.run(url(1), "CREATE TABLE kept (id int)");
        PostgresClient.run(
                url(1), "ALTER ROLE worker_1 PASSWORD 'mine'; REVOKE CONNECT ON DATABASE worker_1 FROM worker_1");
        var kubectl = Kubectl.admin(project, project.handOff(NAME));
        killPrimary();
        kubectl.run("-n", "envctl", "exec", "deploy/redis-1", "--", "sh", "-c", "kill 1");
        await().atMost(Duration.ofSeconds(60)).until(() -> restarted(kubectl));

        assertThat(project.succeeds("up", "-e", NAME).stderr())
                .contains("Took over environment awkward (id " + id)
                .contains("A login of worker 1 did not work, and was given back: Postgres")
                .contains("A login of worker 1 did not work, and was given back: Redis");
        assertThat(PostgresClient.ask(url(1), "SELECT count(*) FROM kept")).isEqualTo("0");
        var redis = project.json(project.files(NAME).resolve("workers/1.json")).getAsJsonObject("redis");
        try (var one = new RedisConversation(redis.get("url").getAsString())) {
            assertThat(one.ask("PING")).isEqualTo("PONG");
        }
    }

    private static boolean restarted(Kubectl kubectl) {
        var status = kubectl.succeeds(
                "-n",
                "envctl",
                "get",
                "pods",
                "-l",
                "dev.envctl.service=redis-1",
                "-o",
                "jsonpath={.items[0].status.containerStatuses[0].restartCount} {.items[0].status.containerStatuses[0].ready}");
        return status.strip().equals("1 true");
    }

    @Test
    void whereALoginCannotBeGivenBackAResetHealsTheLease() throws Exception {
        var id = project.handOff(NAME).get("id").getAsString();
        try (var open = PostgresClient.open(url(1));
                var statement = open.createStatement()) {
            statement.execute("ALTER ROLE worker_1 PASSWORD 'mine'");
            open.setAutoCommit(false);
            statement.execute("ALTER ROLE worker_1 PASSWORD 'again'");
            killPrimary();

            assertThat(project.succeeds("up", "-e", NAME).stderr())
                    .contains("Took over environment awkward (id " + id)
                    .contains("A login of worker 1 does not work")
                    .contains("`envctl worker reset 1` heals its lease");

            project.succeeds("worker", "reset", "1", "-e", NAME);
        }
        assertThat(PostgresClient.ask(url(1), "SELECT current_user")).isEqualTo("worker_1");
    }

    private void killPrimary() {
        assertThat(RunningUp.kill(project.json(project.files(NAME).resolve("primary.json"))
                        .get("pid")
                        .getAsLong()))
                .isTrue();
    }

    private void reset(PostgresLeases leases, int worker) throws SQLException {
        var lease = lease(worker);
        within(
                SOON,
                () -> leases.reset(
                        new Lessee(worker, "again"), lease.get("password").getAsString(), CONNECTIONS, minute()));
        assertThat(PostgresClient.ask(url(worker), "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"))
                .isEqualTo("0");
    }

    private static void within(Duration limit, Runnable work) {
        var begun = System.nanoTime();
        work.run();
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(limit);
    }

    private String waitsForItsClient() throws SQLException {
        return PostgresClient.ask(
                admin(),
                "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'ClientWrite' AND usename = 'worker_1'");
    }

    private List<String> spares() throws SQLException {
        return List.of(PostgresClient.ask(
                        admin(),
                        "SELECT string_agg(datname, ' ') FROM pg_database WHERE starts_with(datname, 'envctl_spare_')")
                .split(" ", -1));
    }

    private String database(String name) throws SQLException {
        return PostgresClient.ask(admin(), "SELECT count(*) FROM pg_database WHERE datname = '%s'".formatted(name));
    }

    private PostgresLeases leases() {
        return new PostgresLeases(
                service(),
                EnvironmentFiles.around(project.folder())
                        .load(NAME, Overrides.none())
                        .postgres()
                        .orElseThrow(),
                endpoint());
    }

    private String admin() {
        return service().admin(endpoint()).url();
    }

    private PostgresService service() {
        try (var api = new HttpKubernetesApi(
                Kubeconfig.parse(Files.readString(project.files(NAME).resolve("kubeconfig"))))) {
            return new PostgresService(
                    EnvironmentFiles.around(project.folder())
                            .load(NAME, Overrides.none())
                            .postgres()
                            .orElseThrow(),
                    ServiceCredentials.stored(api, minute()));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private ServiceEndpoint endpoint() {
        return ServiceEndpoint.onLoopback(project.handOff(NAME)
                .getAsJsonObject("services")
                .getAsJsonObject("postgres")
                .get("port")
                .getAsInt());
    }

    private JsonObject lease(int worker) {
        return project.json(project.files(NAME).resolve("workers/%d.json".formatted(worker)))
                .getAsJsonObject("postgres");
    }

    private String url(int worker) {
        return lease(worker).get("url").getAsString();
    }

    private static Deadline minute() {
        return Deadline.in(Duration.ofMinutes(1));
    }
}
