package dev.envctl.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/** Real {@code envctl lock} processes against one real environment, and what {@code status} says of it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class LocksAndStatusIT {
    private static final String NAME = "lck";
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final Project project = Project.with(NAME, """
            apiVersion: envctl.dev/v1
            kind: Environment
            metadata: {name: lck}
            services: {postgres: {}, redis: {}}
            workers: {count: 2, ahead: 0}
            """);

    @BeforeAll
    void up() {
        project.succeeds("up", "-e", NAME);
    }

    @AfterAll
    void down() {
        project.close();
    }

    @Test
    void noUpdateIsLostUnderALock() throws IOException {
        var counter = project.file("counter", "0").folder().resolve("counter");
        var processes = new ArrayList<Process>();
        for (var index = 0; index < 8; index++) {
            processes.add(lock("count", "n=$(cat counter); sleep 0.1; echo $((n+1)) >counter"));
        }

        for (var process : processes) {
            assertEnds(process, 0);
        }
        assertThat(counter).hasContent("8");
    }

    @Test
    void theNextGetsWhatAKilledHolderHad() throws IOException {
        var holder = lock("killed", "echo $$ >killed.new; mv killed.new killed; exec sleep 300");
        awaitFile("killed");
        var command = Long.parseLong(Files.readString(path("killed")).strip());
        var next = lock("killed", "echo mine");
        awaitWaiting(next);

        holder.destroyForcibly();

        assertThat(assertEnds(next, 0).stdout()).isEqualTo("mine\n");
        await().atMost(Duration.ofSeconds(30))
                .until(() -> ProcessHandle.of(command)
                        .filter(process -> process.info().command().isPresent())
                        .isEmpty());
    }

    @Test
    void aKilledWaiterIsNotWaitedFor() throws IOException {
        var holder = lock("waiter", "touch waiter; while [ ! -e waiter-end ]; do sleep 0.05; done");
        awaitFile("waiter");
        var killed = lock("waiter", "touch never");
        awaitWaiting(killed);
        var next = lock("waiter", "true");
        awaitWaiting(next);

        killed.destroyForcibly();
        project.file("waiter-end", "");

        assertEnds(holder, 0);
        assertEnds(next, 0);
        assertThat(path("never")).doesNotExist();
    }

    @Test
    void thoseWhoShareOverlap() {
        var meet = "touch %s; for i in $(seq 400); do [ -e %s ] && exit 0; sleep 0.05; done; exit 1";
        var first = lock("shared", meet.formatted("one", "two"), "--shared");
        var second = lock("shared", meet.formatted("two", "one"), "--shared");

        assertEnds(first, 0);
        assertEnds(second, 0);
    }

    @Test
    void theOrderIsThatOfTheAsking() throws IOException {
        var holder = lock("order", "touch order; while [ ! -e order-end ]; do sleep 0.05; done");
        awaitFile("order");
        var waiting = new ArrayList<Process>();
        for (var name : List.of("a", "b", "c", "d")) {
            var process = lock("order", "echo %s >>order-log".formatted(name), name.equals("c") ? "--shared" : "");
            awaitWaiting(process);
            waiting.add(process);
        }

        project.file("order-end", "");

        assertEnds(holder, 0);
        for (var process : waiting) {
            assertEnds(process, 0);
        }
        assertThat(path("order-log")).hasContent("a\nb\nc\nd");
    }

    @Test
    void aTimeOutNamesTheHolder() throws IOException {
        var holder = lock("busy", "touch busy; while [ ! -e busy-end ]; do sleep 0.05; done");
        awaitFile("busy");

        var ran = project.envctl("lock", "-e", NAME, "--timeout", "1s", "busy", "--", "touch", "late");

        assertThat(ran.exitCode()).as(ran.all()).isEqualTo(4);
        assertThat(ran.stderr())
                .contains("Lock busy was not free within 1s: it is held by sh -c 'touch busy;")
                .contains("[pid %d] (owner, exclusive)".formatted(holder.pid()));
        assertThat(path("late")).doesNotExist();
        project.file("busy-end", "");
        assertEnds(holder, 0);
    }

    @Test
    void streamsAndExitCodePassThrough() {
        var ran = project.bash(
                "echo asked | \"$ENVCTL\" lock -e lck pass -- sh -c 'cat; echo told >&2; exit 7' || echo \"$?\"");

        assertThat(ran.stdout()).isEqualTo("asked\n7\n");
        assertThat(ran.stderr()).isEqualTo("told\n");
    }

    @Test
    void aSignalReachesTheCommandAndItsAnswerCounts() {
        var ran = project.bash("""
                for signal in INT TERM HUP; do
                  env --default-signal=INT,TERM,HUP "$ENVCTL" lock -e lck signal -- \\
                    sh -c "trap 'exit 9' $signal; touch got-$signal; while :; do sleep 0.05; done" & pid=$!
                  while [ ! -e got-$signal ]; do sleep 0.05; done
                  kill -s $signal $pid; code=0; wait $pid || code=$?
                  echo $signal $code
                done""");

        assertThat(ran.stdout()).isEqualTo("INT 9\nTERM 9\nHUP 9\n");
    }

    @Test
    void aWorkerNeedsOnlyAddressAndToken() {
        var primary = project.json(project.files(NAME).resolve("primary.json"));
        var ran = project.program(
                Map.of(
                        "ENVCTL_API", primary.get("api").getAsString(),
                        "ENVCTL_TOKEN", primary.get("token").getAsString()),
                Project.CHECKOUT.resolve("envctl").toString(),
                "lock",
                "address",
                "--",
                "echo",
                "held");

        assertThat(ran.exitCode()).as(ran.all()).isZero();
        assertThat(ran.stdout()).isEqualTo("held\n");
    }

    @Test
    void whatCannotBeStartedIsSaid() {
        var ran = project.envctl("lock", "-e", NAME, "missing", "--", "no-such-command");

        assertThat(ran.exitCode()).as(ran.all()).isEqualTo(3);
        assertThat(ran.stderr()).contains("The command `no-such-command` cannot be started");
    }

    @Test
    void statusShowsWhoHoldsAndWhoWaits() throws IOException {
        var holder = lock("seen", "touch seen; while [ ! -e seen-end ]; do sleep 0.05; done");
        awaitFile("seen");
        var waiter = lock("seen", "true", "--shared");
        awaitWaiting(waiter);

        var lock = find(status().getAsJsonArray("locks"), "name", "seen");
        var text = project.succeeds("status", "-e", NAME).stdout();

        assertThat(lock.getAsJsonArray("holders")).singleElement().satisfies(found -> {
            var party = found.getAsJsonObject();
            assertThat(party.get("holder").getAsString()).endsWith("[pid %d]".formatted(holder.pid()));
            assertThat(party.get("mode").getAsString()).isEqualTo("exclusive");
            assertThat(Instant.parse(party.get("since").getAsString())).isBeforeOrEqualTo(Instant.now());
        });
        assertThat(lock.getAsJsonArray("waiters"))
                .singleElement()
                .satisfies(
                        found -> assertThat(found.getAsJsonObject().get("mode").getAsString())
                                .isEqualTo("shared"));
        assertThat(text).containsPattern("seen +held +sh -c .* owner +exclusive +\\d+s");
        assertThat(text).containsPattern("seen +waits +sh -c true .* owner +shared +\\d+s");
        project.file("seen-end", "");
        assertEnds(holder, 0);
        assertEnds(waiter, 0);
    }

    @Test
    void statusShowsWhatAWorkerUses() throws Exception {
        var lease = project.json(project.files(NAME).resolve("workers/2.json"));
        var redis = lease.getAsJsonObject("redis").get("url").getAsString();
        try (var first = PostgresClient.open(
                        lease.getAsJsonObject("postgres").get("url").getAsString());
                var second = PostgresClient.open(
                        lease.getAsJsonObject("postgres").get("url").getAsString());
                var conversation = new RedisConversation(redis)) {
            conversation.ask("SET", "a", "1");
            assertThat(first.isClosed() || second.isClosed()).isFalse();

            var status = status();

            var role = find(status.getAsJsonObject("postgres").getAsJsonArray("workers"), "worker", "2");
            assertThat(role.get("connections").getAsInt()).isEqualTo(2);
            assertThat(role.get("limit").getAsInt()).isEqualTo(20);
            var user = find(status.getAsJsonObject("redis").getAsJsonArray("workers"), "worker", "2");
            assertThat(user.get("clients").getAsInt()).isEqualTo(1);
            assertThat(user.get("keys").getAsInt()).isEqualTo(1);
            assertThat(status.getAsJsonArray("leases")).hasSize(2);
            assertThat(project.succeeds("status", "-e", NAME).stdout()).containsPattern("2 +fixed .* 2 of 20 +1 +1");
            conversation.ask("DEL", "a");
        }
    }

    @Test
    void statusTellsWhatWasWrittenWithoutALease() throws IOException {
        var url = project.handOff(NAME)
                .getAsJsonObject("services")
                .getAsJsonObject("redis")
                .get("url")
                .getAsString();
        try (var conversation = new RedisConversation(url)) {
            conversation.ask("SET", "stray", "1");

            assertThat(status().getAsJsonObject("redis").getAsJsonObject("leak").toString())
                    .isEqualTo("{\"keys\":1,\"some\":[\"stray\"]}");
            assertThat(project.succeeds("status", "-e", NAME).stdout())
                    .contains("LEAK: index 0 is reserved and holds 1 keys: stray");

            await().atMost(LIMIT)
                    .untilAsserted(() -> assertThat(status().getAsJsonArray("notices"))
                            .anySatisfy(notice -> assertThat(notice.getAsString())
                                    .contains("index 0 of Redis is reserved", "stray")));
            conversation.ask("DEL", "stray");
        }
        assertThat(project.succeeds("status", "-e", NAME).stdout()).doesNotContain("LEAK");
    }

    @Test
    void statusShowsMemoryOfServicesAndNodeAgainstTheirLimits() {
        await().atMost(LIMIT).untilAsserted(() -> {
            var memory = status().getAsJsonArray("memory");
            var postgres = find(memory, "of", "postgres");
            assertThat(postgres.get("limit").getAsLong()).isEqualTo(512L << 20);
            assertThat(postgres.get("used").getAsLong()).isBetween(10L << 20, 512L << 20);
            assertThat(find(memory, "of", "redis").get("used").getAsLong()).isPositive();
            var node = project.handOff(NAME)
                    .getAsJsonObject("cluster")
                    .getAsJsonArray("nodes")
                    .get(0)
                    .getAsString();
            assertThat(find(memory, "of", "node " + node).get("used").getAsLong())
                    .isGreaterThan(100L << 20);
            assertThat(find(memory, "of", "this machine").get("limit").getAsLong())
                    .isPositive();
        });
    }

    @Test
    void watchPrintsABlockForEachChange() throws IOException {
        var watch = project.startEnvctl("status", "-e", NAME, "--watch", "--interval", "1s", "-o", "json");
        try (var lines = new BufferedReader(new InputStreamReader(watch.getInputStream(), StandardCharsets.UTF_8))) {
            assertThat(lines.readLine()).contains("\"state\":\"ready\"").doesNotContain("\"watched\"");
            var holder = lock("watched", "exec sleep 300");

            var line = lines.readLine();
            while (line != null && !line.contains("\"watched\"")) {
                line = lines.readLine();
            }

            assertThat(line).contains("\"holders\":[{");
            holder.destroyForcibly();
            assertThat(watch.isAlive()).isTrue();
        } finally {
            watch.destroyForcibly();
        }
    }

    /** The whole: a question that a busy service has not answered in time is told as such. */
    private JsonObject status() {
        return await().atMost(LIMIT)
                .until(this::ask, status -> !status.toString().contains("\"unknown\":"));
    }

    private JsonObject ask() {
        return JsonParser.parseString(
                        project.succeeds("status", "-e", NAME, "-o", "json").stdout())
                .getAsJsonObject();
    }

    private static JsonObject find(JsonArray all, String name, String value) {
        for (var element : all) {
            if (element.getAsJsonObject().get(name).getAsString().equals(value)) {
                return element.getAsJsonObject();
            }
        }
        throw new AssertionError("no %s %s in %s".formatted(name, value, all));
    }

    @Test
    @Order(Integer.MAX_VALUE)
    void theCommandEndsWhenItsLockIsLost() throws IOException {
        var holder = lock("lost", "touch lost; exec sleep 300");
        awaitFile("lost");

        assertThat(RunningUp.kill(project.json(project.files(NAME).resolve("primary.json"))
                        .get("pid")
                        .getAsLong()))
                .isTrue();

        assertThat(assertEnds(holder, 6).stderr()).contains("error: lock lost is lost: the primary has died");
        var absent = project.envctl("lock", "-e", NAME, "lost", "--", "true");
        assertThat(absent.exitCode()).as(absent.all()).isEqualTo(6);

        project.succeeds("up", "-e", NAME);
        var second = lock("lost", "touch again; exec sleep 300");
        awaitFile("again");
        var waiter = lock("lost", "touch never");
        awaitWaiting(waiter);

        project.succeeds("down", "-e", NAME);

        assertThat(assertEnds(second, 6).stderr()).contains("lock lost is lost: the environment is being removed");
        assertThat(assertEnds(waiter, 6).stderr()).contains("the environment is being removed");
        assertThat(path("never")).doesNotExist();
    }

    private Process lock(String name, String script, String... options) {
        var arguments = new ArrayList<>(List.of("lock", "-e", NAME));
        List.of(options).stream().filter(option -> !option.isEmpty()).forEach(arguments::add);
        arguments.addAll(List.of(name, "--", "sh", "-c", script));
        return project.startEnvctl(arguments.toArray(String[]::new));
    }

    private Ran assertEnds(Process process, int code) {
        var ran = project.await(process, LIMIT);
        assertThat(ran.exitCode()).as(ran.all()).isEqualTo(code);
        return ran;
    }

    /** Takes the line that says so from what the process writes. */
    private static void awaitWaiting(Process process) throws IOException {
        var line = new BufferedReader(new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8), 1)
                .readLine();
        assertThat(line).startsWith("waiting for lock ");
    }

    private Path path(String file) {
        return project.folder().resolve(file);
    }

    private void awaitFile(String file) {
        await().atMost(LIMIT).until(() -> Files.exists(path(file)));
    }
}
