package dev.envctl.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.envctl.junit.CleanDatabase;
import dev.envctl.junit.Envctl;
import dev.envctl.junit.Serial;
import dev.envctl.worker.Lease;
import java.nio.file.Files;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.platform.testkit.engine.EngineTestKit;

/** An environment that was made by calling the goal by name: it stays, for builds and for tests in an IDE. */
class MavenByNameIT {
    private static final String NAME = "mvn-named";
    private static final CyclicBarrier BOTH = new CyclicBarrier(2);
    private static final Set<String> DATABASES = ConcurrentHashMap.newKeySet();
    private static final AtomicBoolean ALONE = new AtomicBoolean();

    @SuppressWarnings("NullAway.Init")
    private static MavenBuilds maven;

    @SuppressWarnings("NullAway.Init")
    private static Project project;

    @BeforeAll
    static void up() {
        maven = MavenBuilds.ofThisCheckout();
        project = Project.with(NAME, Project.small(NAME))
                .andFilesOf("src/test/projects/single")
                .variable("ENVCTL_ENVIRONMENT", NAME);
        succeeds(MavenBuilds.goal("up"));
        assertThat(project.files(NAME).resolve("environment.json")).exists();
    }

    @AfterAll
    static void down() {
        try (var closing = project) {
            assertThat(succeeds(MavenBuilds.goal("down")).stdout()).contains("Environment mvn-named is gone.");
            closing.assertNothingLeft();
        }
    }

    private static Ran succeeds(String... words) {
        var ran = maven.run(project, words);
        assertThat(ran.exitCode()).as(ran.all()).isZero();
        return ran;
    }

    @Test
    void statusShowsIt() {
        assertThat(succeeds(MavenBuilds.goal("status")).stdout())
                .contains("[INFO] environment mvn-named")
                .contains("is ready")
                .contains("[INFO]   Postgres");
    }

    @Test
    void warmFindsAllImagesHere() {
        assertThat(succeeds(MavenBuilds.goal("warm")).stdout())
                .contains("postgres:")
                .contains("redis:");
    }

    @Test
    void aBuildUsesItAndLeavesIt() {
        var built = succeeds("verify", "-Dbehaviour=pass");

        assertThat(built.stdout())
                .contains("Tests run: 1, Failures: 0")
                .contains("Environment mvn-named ran already: it is left running.")
                .doesNotContain("create cluster");
        assertThat(Files.exists(project.files(NAME).resolve("environment.json")))
                .isTrue();
    }

    @Test
    void classesThatRunAtTheSameTimeInOneJvmHaveDatabasesOfTheirOwn() {
        var results = EngineTestKit.engine("junit-jupiter")
                .configurationParameter("envctl.directory", project.files(NAME).toString())
                .configurationParameter("junit.jupiter.execution.parallel.enabled", "true")
                .configurationParameter("junit.jupiter.execution.parallel.mode.classes.default", "concurrent")
                .configurationParameter("junit.jupiter.execution.parallel.config.strategy", "fixed")
                .configurationParameter("junit.jupiter.execution.parallel.config.fixed.parallelism", "2")
                .selectors(selectClass(One.class), selectClass(Other.class))
                .execute();

        assertThat(results.allEvents().failed().list()).isEmpty();
        results.testEvents().assertStatistics(statistics -> statistics.succeeded(4));
        assertThat(DATABASES).hasSize(2);
        assertThat(project.succeeds("worker", "list", "-e", NAME).stdout())
                .as("what was acquired has returned")
                .doesNotContain(" held ");
    }

    /** What both classes do: it works only where nobody else is in the database, and it is empty again for the second test. */
    abstract static class InADatabaseOfItsOwn {
        @Test
        void first(Lease lease) throws Exception {
            DATABASES.add(create(lease));
            BOTH.await(60, TimeUnit.SECONDS);
        }

        @Test
        @Serial
        void second(Lease lease) throws Exception {
            assertThat(ALONE.compareAndSet(false, true)).isTrue();
            create(lease);
            Thread.sleep(50);
            ALONE.set(false);
        }

        private static String create(Lease lease) throws SQLException {
            try (var connection = DriverManager.getConnection(
                            lease.jdbcUrl(), lease.databaseUser(), lease.databasePassword());
                    var statement = connection.createStatement()) {
                statement.execute("CREATE TABLE orders (id int)");
                try (var row = statement.executeQuery("SELECT current_database()")) {
                    row.next();
                    return row.getString(1);
                }
            }
        }
    }

    @Envctl
    @CleanDatabase
    static class One extends InADatabaseOfItsOwn {}

    @Envctl
    @CleanDatabase
    static class Other extends InADatabaseOfItsOwn {}
}
