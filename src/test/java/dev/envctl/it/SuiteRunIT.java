package dev.envctl.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/** {@code envctl suite run} against one real environment: first as its file is shipped, then with suites of all kinds. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class SuiteRunIT {
    private static final String NAME = "suites";
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private static final String SUITES = """
            apiVersion: envctl.dev/v1
            kind: Environment
            metadata: {name: suites}
            services: {postgres: {}, redis: {}}
            workers: {count: 2}
            suites:
              - name: green
                image: postgres
                resources: {memory: 64Mi}
                env: {GREETING: 'a $(PGHOST) b'}
                reports: [/reports/*.xml]
                command:
                  - sh
                  - -ec
                  - |
                    psql -v ON_ERROR_STOP=1 -c 'create table orders (id int)' -c 'insert into orders values (7)'
                    echo "order $(psql -tAc 'select id from orders') in $(psql -tAc 'select current_database()')"
                    echo "url $(psql -tA "$DATABASE_URL" -c 'select 1')"
                    login=${REDIS_URL#redis://}; address=${login#*@}; login=${login%%@*}
                    hostport=${address%%/*}
                    redis() { printf '%s\\r\\n' "AUTH ${login%%:*} ${login#*:}" "SELECT ${address##*/}" "$@" QUIT | nc -w 5 "${hostport%%:*}" "${hostport#*:}"; }
                    redis 'SET greeting hello' 'GET greeting' | tr -d '\\r' | paste -sd' ' -
                    echo "namespace $(cat /run/secrets/kubernetes.io/serviceaccount/namespace) $ENVCTL_NAMESPACE"
                    echo "verbatim $GREETING"
                    printf 'no newline at the end'
                    umask 077
                    echo '<testsuite tests="3"><testcase name="a"/><testcase name="b"><skipped/></testcase><testcase name="c"/></testsuite>' >/reports/TEST-green.xml
                    echo not wanted >/reports/notes.txt
                    ln -s /etc/passwd /reports/link.xml
              - name: red
                image: postgres
                resources: {memory: 64Mi}
                command: [sh, -c, "echo going wrong >&2; exit 3"]
              - name: lying
                image: postgres
                resources: {memory: 64Mi}
                reports: /reports
                command: [sh, -c, "echo '<testsuite><testcase><failure/></testcase><testcase/></testsuite>' >/reports/a.xml"]
              - name: torn
                image: postgres
                resources: {memory: 64Mi}
                reports: /reports
                command: [sh, -c, "echo '<testsuite><testcase/>' >/reports/a.xml"]
              - name: silent
                image: postgres
                resources: {memory: 64Mi}
                reports: /reports
                command: ["true"]
              - name: hungry
                image: postgres
                resources: {memory: 64Mi}
                command: [dd, if=/dev/zero, of=/dev/null, bs=200M, count=1]
              - name: misspelt
                image: postgres
                resources: {memory: 64Mi}
                command: [no-such-program]
              - name: huge
                image: postgres
                resources: {memory: 4000Gi}
                command: ["true"]
              - name: lost
                image: postgres
                resources: {memory: 64Mi}
                command: [sh, -c, "trap 'exit 0' TERM; echo here; while :; do sleep 1; done"]
                timeout: 1m
              - name: slow
                image: postgres
                resources: {memory: 64Mi}
                timeout: 20s
                reports: /reports
                command: [sh, -c, "echo '<testsuite><testcase/></testsuite>' >/reports/early.xml; echo waiting; sleep 300"]
              - name: endless
                image: postgres
                resources: {memory: 64Mi}
                command: [sh, -c, "echo endless; sleep 300"]
              - name: beside-1
                image: redis
                resources: {memory: 64Mi}
                command: &stamp [sh, -c, "cut -d' ' -f1 /proc/uptime; sleep 8; cut -d' ' -f1 /proc/uptime"]
              - {name: beside-2, image: redis, resources: {memory: 64Mi}, command: *stamp}
              - {name: alone, image: redis, resources: {memory: 64Mi}, command: *stamp, exclusive: true}
            """;

    private final Project project = Project.withCopyOf("environments");

    @BeforeAll
    void up() {
        project.succeeds("up", "-e", NAME);
    }

    @AfterAll
    void down() {
        project.close();
    }

    @Test
    @Order(1)
    void theShippedSuitesPass() {
        var ran = project.succeeds("suite", "run", "-e", NAME);

        assertThat(ran.stdout()).containsPattern("schema +passed +0 +1, 0 failed, 0 skipped");
        assertThat(ran.stderr()).contains("[settings] PONG");
        assertNoLeaseIsHeld();
    }

    @Test
    @Order(2)
    void otherSuitesNeedNoOtherEnvironment() {
        project.and(NAME, SUITES);

        assertThat(project.succeeds("up", "-e", NAME).stdout()).contains("environment suites");
    }

    @Test
    @Order(3)
    void everyPodIsAccountedFor() throws IOException {
        var running = project.startEnvctl(
                "suite",
                "run",
                "-e",
                NAME,
                "-o",
                "json",
                "--parallel",
                "5",
                "green",
                "red",
                "lying",
                "torn",
                "silent",
                "hungry",
                "misspelt",
                "huge",
                "lost");
        deletePodOf("lost");
        var ran = project.await(running, LIMIT);

        assertThat(ran.exitCode()).as(ran.all()).isEqualTo(1);
        var report = JsonParser.parseString(ran.stdout()).getAsJsonObject();
        assertThat(report.get("outcome").getAsString()).isEqualTo("failed");
        assertGreen(suite(report, "green"), ran);
        assertThat(outcome(report, "red")).isEqualTo("failed 3: exit code 3");
        assertThat(ran.stderr()).contains("[red] going wrong\n");
        assertThat(outcome(report, "lying")).isEqualTo("failed 0: 1 of 2 tests did not pass");
        assertThat(outcome(report, "torn")).startsWith("unknown 0: a.xml is not whole: line 2");
        assertThat(outcome(report, "silent")).isEqualTo("passed 0: no JUnit file in /reports");
        assertHungry(suite(report, "hungry"));
        assertThat(outcome(report, "misspelt")).startsWith("failed").contains("no-such-program");
        assertThat(outcome(report, "huge")).startsWith("failed -").contains("unschedulable", "Insufficient memory");
        assertThat(outcome(report, "lost")).matches("unknown -: pod lost-\\w+(: deleted by somebody| is gone).*");
        assertThat(pod(suite(report, "lost")).has("exitCode")).isFalse();
        assertNoLeaseIsHeld();
    }

    private void assertGreen(JsonObject green, Ran ran) throws IOException {
        assertThat(green.get("outcome").getAsString()).as(ran.all()).isEqualTo("passed");
        var tests = green.getAsJsonObject("tests");
        assertThat(tests).hasToString("{\"files\":1,\"tests\":3,\"failures\":0,\"errors\":0,\"skipped\":1}");
        var log = Files.readString(Path.of(green.get("log").getAsString()));
        var namespace = green.get("namespace").getAsString();
        assertThat(log)
                .contains("order 7 in worker_", "url 1\n", "+OK $5 hello", "verbatim a $(PGHOST) b\n")
                .contains("namespace %1$s %1$s%n".formatted(namespace))
                .endsWith("no newline at the end");
        assertThat(ran.stderr()).contains("[green] no newline at the end\n");
        var files = project.files(NAME).resolve("suites/green/files");
        assertThat(green.getAsJsonArray("files")).hasSize(1);
        assertThat(files.resolve("reports/TEST-green.xml")).content().startsWith("<testsuite");
        var pod = pod(green);
        assertThat(pod.get("phase").getAsString()).isEqualTo("Succeeded");
        assertThat(pod.get("restarts").getAsInt()).isZero();
        assertThat(pod.getAsJsonObject("memory").get("limit").getAsLong()).isEqualTo(64L << 20);
        assertThat(pod.getAsJsonObject("memory").get("peak").getAsLong()).isBetween(1L << 20, 128L << 20);
    }

    private static void assertHungry(JsonObject hungry) {
        assertThat(hungry.get("reason").getAsString()).startsWith("OOM killed at its limit of 64Mi");
        var pod = pod(hungry);
        assertThat(pod.get("outOfMemory").getAsBoolean()).isTrue();
        assertThat(pod.get("phase").getAsString()).isEqualTo("Failed");
        assertThat(pod.getAsJsonObject("memory").get("peak").getAsLong()).isGreaterThanOrEqualTo(64L << 20);
    }

    @Test
    @Order(4)
    void nothingRunsBesideAnExclusiveSuite() throws IOException {
        var suites = List.of("beside-1", "beside-2", "alone");
        var runs = new ArrayList<Process>();
        for (var folder : List.of("first", "second")) {
            var command = new ArrayList<>(List.of("suite", "run", "-e", NAME, "--reports", folder));
            command.addAll(suites);
            runs.add(project.startEnvctl(command.toArray(String[]::new)));
        }
        for (var run : runs) {
            var ran = project.await(run, LIMIT);
            assertThat(ran.exitCode()).as(ran.all()).isZero();
        }

        var alone = new ArrayList<List<Double>>();
        var others = new ArrayList<List<Double>>();
        for (var folder : List.of("first", "second")) {
            for (var suite : suites) {
                (suite.equals("alone") ? alone : others).add(times(folder, suite));
            }
        }
        assertThat(alone).hasSize(2).noneMatch(one -> others.stream().anyMatch(other -> overlap(one, other)));
        assertThat(overlap(alone.get(0), alone.get(1))).isFalse();
        assertThat(others)
                .as("suites of one run")
                .satisfiesAnyOf(
                        all -> assertThat(overlap(all.get(0), all.get(1))).isTrue(),
                        all -> assertThat(overlap(all.get(2), all.get(3))).isTrue());
    }

    private List<Double> times(String folder, String suite) throws IOException {
        var log = project.folder().resolve(folder).resolve(suite).resolve("log.txt");
        return Files.readAllLines(log).stream().map(Double::valueOf).toList();
    }

    private static boolean overlap(List<Double> one, List<Double> other) {
        return one.get(0) < other.get(1) && other.get(0) < one.get(1);
    }

    @Test
    @Order(5)
    void aTimeOutIsToldAndLeavesItsReports() {
        var ran = project.envctl("suite", "run", "-e", NAME, "slow");

        assertThat(ran.exitCode()).as(ran.all()).isEqualTo(4);
        assertThat(ran.stdout())
                .containsPattern("slow +timed out +- +1, 0 failed, 0 skipped")
                .contains("slow: not done within 20s");
        assertThat(project.files(NAME).resolve("suites/slow/files/reports/early.xml"))
                .exists();
        assertNoLeaseIsHeld();
    }

    @Test
    @Order(6)
    void ctrlCGivesEverythingBack() throws IOException {
        var interrupted = endless();
        project.bash("kill -INT " + interrupted.pid());
        var ran = project.await(interrupted, LIMIT);

        assertThat(ran.exitCode()).as(ran.all()).isEqualTo(130);
        assertThat(ran.stdout()).isEmpty();
        assertNoLeaseIsHeld();
        awaitNoJob();
    }

    @Test
    @Order(7)
    void soDoesAKill() throws IOException {
        var killed = endless();
        killed.destroyForcibly();

        await().atMost(Duration.ofSeconds(20)).untilAsserted(this::assertNoLeaseIsHeld);
        awaitNoJob();
    }

    @Test
    @Order(8)
    void whatCannotBeRunIsRefusedBeforehand() throws IOException {
        var unknown = project.envctl("suite", "run", "-e", NAME, "gren");
        assertThat(unknown.exitCode()).isEqualTo(2);
        assertThat(unknown.stderr()).contains("has no suite `gren`", "Did you mean `green`?");

        project.file("mine/red/notes.txt", "precious");
        var elsewhere = project.envctl("suite", "run", "-e", NAME, "--reports", "mine", "red");
        assertThat(elsewhere.exitCode()).as(elsewhere.all()).isEqualTo(2);
        assertThat(project.folder().resolve("mine/red/notes.txt")).hasContent("precious");

        project.and(NAME, SUITES + "  - {name: other, image: registry}\n");
        var undelivered = project.envctl("suite", "run", "-e", NAME, "other");
        assertThat(undelivered.exitCode()).as(undelivered.all()).isEqualTo(2);
        assertThat(undelivered.stderr()).contains("do not have image registry", "envctl up --recreate");
        assertNoLeaseIsHeld();

        project.and("su-none", Project.small("su-none"));
        assertThat(project.envctl("suite", "run", "-e", "su-none").exitCode()).isEqualTo(6);
    }

    /** Runs until it is ended; returns once the suite works. */
    private Process endless() throws IOException {
        var log = project.files(NAME).resolve("suites/endless/log.txt");
        Files.deleteIfExists(log);
        var running = project.startProgram(List.of(
                "env",
                "--default-signal=INT",
                Project.CHECKOUT.resolve("envctl").toString(),
                "suite",
                "run",
                "-e",
                NAME,
                "endless"));
        await().atMost(LIMIT).until(() -> Files.exists(log) && Files.size(log) > 0);
        return running;
    }

    private void deletePodOf(String suite) {
        var kubectl = Kubectl.admin(project, project.handOff(NAME));
        var log = project.files(NAME).resolve("suites").resolve(suite).resolve("log.txt");
        await().atMost(LIMIT).until(() -> Files.exists(log) && Files.size(log) > 0);
        var pods = kubectl.get("pods", "-A", "-l", "dev.envctl.suite=" + suite).getAsJsonArray("items");
        assertThat(pods).hasSize(1);
        var metadata = pods.get(0).getAsJsonObject().getAsJsonObject("metadata");
        kubectl.succeeds(
                "delete",
                "pod",
                "--wait=false",
                "-n",
                metadata.get("namespace").getAsString(),
                metadata.get("name").getAsString());
    }

    private void awaitNoJob() {
        var kubectl = Kubectl.admin(project, project.handOff(NAME));
        await().atMost(Duration.ofSeconds(30))
                .until(() -> kubectl.get("jobs", "-A").getAsJsonArray("items").isEmpty());
    }

    private void assertNoLeaseIsHeld() {
        assertThat(project.succeeds("worker", "list", "-e", NAME).stdout()).doesNotContain("held");
    }

    private static JsonObject suite(JsonObject report, String name) {
        return StreamSupport.stream(report.getAsJsonArray("suites").spliterator(), false)
                .map(one -> one.getAsJsonObject())
                .filter(one -> one.get("name").getAsString().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** Such as {@code failed 3: exit code 3}. */
    private static String outcome(JsonObject report, String name) {
        var suite = suite(report, name);
        return "%s %s: %s"
                .formatted(
                        suite.get("outcome").getAsString(),
                        suite.has("exitCode") ? suite.get("exitCode").getAsString() : "-",
                        suite.get("reason").getAsString());
    }

    private static JsonObject pod(JsonObject suite) {
        assertThat(suite.getAsJsonArray("pods")).isNotEmpty();
        return suite.getAsJsonArray("pods").get(0).getAsJsonObject();
    }
}
