package dev.envctl.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Leases beyond those of the environment file: acquired, shared with nobody, returned by whatever death. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class LeasesOnDemandIT {
    private static final int WORKERS = 64;
    private static final int KILLED = 8;
    private static final String NAME = "ondemand";
    private static final Duration LIMIT = Duration.ofMinutes(3);

    private final Project project =
            Project.with(NAME, """
                    apiVersion: envctl.dev/v1
                    kind: Environment
                    metadata: {name: ondemand}
                    services:
                      postgres: {init: [tables.sql], maxConnections: 400, resources: {memory: 2Gi}}
                      redis: {databases: 128}
                    workers: {count: 1, connections: 4, ports: 4, nodePorts: 1, onDemand: 72}
                    """).file("environments/tables.sql", "CREATE TABLE given (id int);");
    private final List<Process> processes = new ArrayList<>();

    @BeforeAll
    void comesUp() {
        project.succeeds("up", "-e", NAME);
    }

    @AfterAll
    void goesAway() {
        processes.forEach(Process::destroyForcibly);
        project.close();
    }

    private LeaseApi owner() {
        return LeaseApi.ofOwner(project, NAME);
    }

    private JsonObject acquire(String body) {
        return owner().acquire(body);
    }

    private Process process() throws IOException {
        var process = new ProcessBuilder("sleep", "600").start();
        synchronized (processes) {
            processes.add(process);
        }
        return process;
    }

    @Test
    void sixtyFourAtOnceShareNothingAndThoseOfDeadProcessesReturn() throws IOException, SQLException {
        var holders = new ArrayList<Process>();
        for (var i = 0; i < WORKERS; i++) {
            holders.add(process());
        }
        var threads = Executors.newFixedThreadPool(WORKERS);
        var asked = holders.stream()
                .map(holder -> CompletableFuture.supplyAsync(
                        () -> acquire("{\"holder\": \"it\", \"pid\": %d, \"timeout\": \"3m\"}".formatted(holder.pid())),
                        threads))
                .toList();
        var leases = asked.stream().map(CompletableFuture::join).toList();
        threads.shutdown();

        assertShareNothing(leases);
        for (var lease : leases) {
            PostgresClient.run(url(lease), "INSERT INTO given VALUES (%s)".formatted(text(lease, "worker")));
            assertThat(PostgresClient.ask(url(lease), "SELECT string_agg(id::text, ',') FROM given"))
                    .isEqualTo(text(lease, "worker"));
            try (var redis = new RedisConversation(redisUrl(lease))) {
                assertThat(redis.ask("GET", "who")).isEqualTo("(nil)");
                assertThat(redis.ask("SET", "who", text(lease, "lease"))).isEqualTo("OK");
            }
        }

        var dead = leases.subList(0, KILLED);
        holders.subList(0, KILLED).forEach(Process::destroyForcibly);
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(workers(owner().onDemand()))
                        .doesNotContainAnyElementsOf(workers(dead))
                        .containsAll(workers(leases.subList(KILLED, WORKERS))));
        for (var lease : dead) {
            assertNothingIsLeftOf(lease);
            assertThat(LeaseApi.ofWorker(lease).ask("GET", "/v1/leases", "").code())
                    .isEqualTo(401);
        }
        for (var lease : leases.subList(KILLED, WORKERS)) {
            try (var redis = new RedisConversation(redisUrl(lease))) {
                assertThat(redis.ask("GET", "who")).isEqualTo(text(lease, "lease"));
            }
        }

        holders.forEach(Process::destroyForcibly);
        await().atMost(LIMIT)
                .untilAsserted(
                        () -> assertThat(workers(owner().onDemand())).doesNotContainAnyElementsOf(workers(leases)));
        for (var lease : leases) {
            assertNothingIsLeftOf(lease);
        }
    }

    /** Each such connection holds a thread of the primary. */
    @Test
    void aClientThatDoesNotEndItsRequestIsLeft() throws IOException {
        var api = URI.create(project.json(project.files(NAME).resolve("primary.json"))
                .get("api")
                .getAsString());
        try (var silent = new Socket(api.getHost(), api.getPort())) {
            silent.setSoTimeout(Math.toIntExact(Duration.ofSeconds(30).toMillis()));
            silent.getOutputStream().write("GET /v1/lea".getBytes(StandardCharsets.US_ASCII));

            assertThat(silent.getInputStream().read()).isEqualTo(-1);
        }
    }

    /** As what a dead holder has started and nobody has ended. */
    @Test
    void whoListensOnTheBlockOfAnIndexHoldsUpNobody() throws IOException {
        var before = acquire("{}");
        var port = before.getAsJsonObject("ports").get("from").getAsInt();
        owner().ask("DELETE", "/v1/leases/" + text(before, "worker"), "");
        await().atMost(LIMIT).until(() -> owner().onDemand().isEmpty());
        try (var left = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            var leases = new ArrayList<JsonObject>();
            do {
                leases.add(acquire("{}"));
            } while (leases.size() < 10
                    && !text(leases.get(leases.size() - 1), "worker").equals(text(before, "worker")));
            var same = leases.get(leases.size() - 1);

            assertThat(text(same, "worker")).isEqualTo(text(before, "worker"));
            assertThat(same.getAsJsonObject("ports").get("from").getAsInt()).isNotEqualTo(left.getLocalPort());
            assertShareNothing(leases);
            leases.forEach(lease -> owner().ask("DELETE", "/v1/leases/" + text(lease, "worker"), ""));
        }
    }

    private static void assertShareNothing(List<JsonObject> leases) {
        for (var own : List.of("worker", "lease", "testId", "namespace", "kubeconfig", "token", "traceparent")) {
            assertThat(leases.stream().map(lease -> text(lease, own))).as(own).doesNotHaveDuplicates();
        }
        assertThat(leases.stream().map(LeasesOnDemandIT::url)).doesNotHaveDuplicates();
        assertThat(leases.stream().map(LeasesOnDemandIT::redisUrl)).doesNotHaveDuplicates();
        var ports = new HashSet<Integer>();
        var nodePorts = new HashSet<Integer>();
        for (var lease : leases) {
            var block = lease.getAsJsonObject("ports");
            IntStream.rangeClosed(block.get("from").getAsInt(), block.get("to").getAsInt())
                    .forEach(port ->
                            assertThat(ports.add(port)).as("port %d", port).isTrue());
            var nodePort = lease.getAsJsonArray("nodePorts").get(0).getAsJsonObject();
            assertThat(ports.add(nodePort.get("host").getAsInt())).isTrue();
            assertThat(nodePorts.add(nodePort.get("node").getAsInt())).isTrue();
        }
        assertThat(ports).hasSize(leases.size() * 5);
    }

    private void assertNothingIsLeftOf(JsonObject lease) throws SQLException, IOException {
        var services = project.handOff(NAME).getAsJsonObject("services");
        var worker = text(lease, "worker");
        var app = text(services.getAsJsonObject("postgres"), "url");
        assertThat(PostgresClient.ask(app, """
                        SELECT (SELECT count(*) FROM pg_database WHERE datname = 'worker_%1$s')
                             + (SELECT count(*) FROM pg_roles WHERE rolname = 'worker_%1$s' AND rolcanlogin)\
                        """.formatted(worker))).isEqualTo("0");
        try (var redis = new RedisConversation(text(services.getAsJsonObject("redis"), "url"))) {
            assertThat(redis.ask("ACL", "GETUSER", "worker-" + worker)).startsWith("(nil)");
            redis.ask("SELECT", worker);
            assertThat(redis.ask("DBSIZE")).isEqualTo("0");
        }
        assertThat(admin().run("get", "namespace", text(lease, "namespace")).stderr())
                .contains("NotFound");
        try (Stream<Path> files = Files.list(project.files(NAME).resolve("workers"))) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .noneMatch(file -> file.startsWith(worker + "."));
        }
    }

    @Test
    void aResetMakesAllPristineAndKeepsTheCredentials() throws IOException, SQLException {
        var worker = project.succeeds("worker", "acquire", "-e", NAME).stdout().strip();
        var lease = project.json(project.files(NAME).resolve("workers/" + worker + ".json"));
        var kubectl = admin().with(text(lease, "kubeconfig"));
        PostgresClient.run(url(lease), "INSERT INTO given VALUES (1); CREATE TABLE mine (id int)");
        try (var redis = new RedisConversation(redisUrl(lease))) {
            redis.ask("SET", "colour", "red");
        }
        kubectl.succeeds("create", "configmap", "mine");
        kubectl.succeeds("create", "deployment", "mine", "--image=nowhere.example/none:1");

        project.succeeds("worker", "reset", "-e", NAME, worker, "--only", "kubernetes");
        assertThat(kubectl.succeeds("get", "deployments", "-o", "name")).isBlank();
        assertThat(PostgresClient.ask(url(lease), "SELECT count(*) FROM pg_tables WHERE tablename = 'mine'"))
                .isEqualTo("1");
        project.succeeds("worker", "reset", "-e", NAME, worker);

        assertThat(PostgresClient.ask(url(lease), """
                        SELECT count(*) || ' ' || (SELECT count(*) FROM pg_tables WHERE tablename = 'mine')
                        FROM given""")).isEqualTo("0 0");
        try (var redis = new RedisConversation(redisUrl(lease))) {
            assertThat(redis.ask("DBSIZE")).isEqualTo("0");
        }
        assertThat(kubectl.succeeds("get", "deployments,replicasets,pods", "-o", "name"))
                .isBlank();
        assertThat(kubectl.succeeds("get", "configmaps", "-o", "name").lines())
                .containsExactly("configmap/kube-root-ca.crt");
        project.succeeds("worker", "release", "-e", NAME, worker);
    }

    @Test
    void aKeptLeaseLeavesItsDatabaseAndNothingElse() throws SQLException, IOException {
        var lease = acquire("{\"holder\": \"it\"}");
        var worker = text(lease, "worker");
        PostgresClient.run(url(lease), "INSERT INTO given VALUES (42)");

        var printed = project.program(
                Map.of("ENVCTL_WORKER", worker),
                Project.CHECKOUT.resolve("envctl").toString(),
                "worker",
                "release",
                "--keep",
                "-e",
                NAME);

        assertThat(printed.stdout().strip()).isEqualTo(url(lease));
        assertThat(PostgresClient.ask(url(lease), "SELECT id FROM given")).isEqualTo("42");
        assertThatThrownBy(() -> new RedisConversation(redisUrl(lease)).close()).isInstanceOf(AssertionError.class);
        assertThat(LeaseApi.ofWorker(lease).ask("GET", "/v1/leases", "").code()).isEqualTo(401);
        assertThat(workers(owner().onDemand())).contains(worker);

        project.succeeds("worker", "release", "-e", NAME, worker);
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(workers(owner().onDemand())).doesNotContain(worker));
        assertNothingIsLeftOf(lease);
    }

    @Test
    void aHeartbeatKeepsALeaseThatReturnsWithoutOne() {
        var lease = acquire("{\"holder\": \"it\", \"ttl\": \"8s\"}");
        var api = LeaseApi.ofWorker(lease);
        var beat = "/v1/leases/%s/heartbeat".formatted(text(lease, "worker"));
        for (var i = 0; i < 10; i++) {
            RunningUp.pause(Duration.ofSeconds(1));
            assertThat(api.ask("POST", beat, "").code()).isEqualTo(200);
        }
        await().atMost(LIMIT).until(() -> api.ask("GET", "/v1/leases", "").code() == 401);
        assertThat(project.json(project.files(NAME).resolve("workers/1.json")).has("token"))
                .isTrue();
    }

    @Test
    void aWorkersTokenOpensItsOwnLeaseOnly() {
        var lease = acquire("{\"holder\": \"it\"}");
        var worker = text(lease, "worker");
        var api = LeaseApi.ofWorker(lease);

        assertThat(api.ask("GET", "/v1/leases/" + worker, "").json().get("token"))
                .isEqualTo(lease.get("token"));
        for (var forbidden : List.of(
                "GET /v1/leases/1",
                "POST /v1/leases/1/reset",
                "POST /v1/leases/1/heartbeat",
                "DELETE /v1/leases/1",
                "POST /v1/leases",
                "POST /v1/down")) {
            var parts = forbidden.split(" ", 2);
            assertThat(api.ask(parts[0], parts[1], "").code()).as(forbidden).isEqualTo(403);
        }
        assertThat(api.ask("GET", "/v1/leases", "").json().toString())
                .doesNotContain("token", "password", "postgresql:");
        assertThat(api.ask("DELETE", "/v1/leases/" + worker, "").code()).isEqualTo(200);
    }

    @Test
    void reachesAServiceOfItsOwnThroughItsPort() throws IOException {
        var lease = acquire("{\"holder\": \"it\"}");
        var kubectl = admin().with(text(lease, "kubeconfig"));
        var ports = lease.getAsJsonArray("nodePorts").get(0).getAsJsonObject();
        var image = Stream.of(project.handOff(NAME).getAsJsonArray("images"))
                .flatMap(images -> images.asList().stream())
                .map(found -> found.getAsJsonObject())
                .filter(found -> text(found, "name").equals("redis"))
                .map(found -> text(found, "reference"))
                .findFirst()
                .orElseThrow();
        kubectl.succeeds(
                "run",
                "own",
                "--image=" + image,
                "--image-pull-policy=Never",
                "--",
                "redis-server",
                "--requirepass",
                "p");
        kubectl.succeeds("create", "service", "nodeport", "own", "--tcp=6379", "--node-port=" + text(ports, "node"));
        kubectl.succeeds("set", "selector", "service/own", "run=own");
        kubectl.succeeds("wait", "--for=condition=Ready", "pod/own", "--timeout=60s");

        await().atMost(LIMIT).ignoreExceptions().untilAsserted(() -> {
            try (var redis = new RedisConversation("redis://default:p@127.0.0.1:%s/0".formatted(text(ports, "host")))) {
                assertThat(redis.ask("PING")).isEqualTo("PONG");
            }
        });
        owner().ask("DELETE", "/v1/leases/" + text(lease, "worker"), "");
    }

    @Test
    void anotherPrimaryKnowsWhatAKilledOneGaveOutAndRenewsExpiredTokens() throws IOException {
        var holder = process();
        var lease = acquire("{\"holder\": \"it\", \"pid\": %d}".formatted(holder.pid()));
        var worker = text(lease, "worker");
        var tokenFile = project.files(NAME).resolve("workers/1.token");
        // As one who has read the token once and does not read it again.
        var asGiven = Files.readString(Path.of(text(lease, "kubeconfig"))).replaceAll("(?m)^ *tokenFile:.*\\R", "");
        project.file("given.kubeconfig", asGiven);
        Files.writeString(tokenFile, expired(Files.readString(tokenFile)));
        killPrimary();

        assertThat(project.succeeds("up", "-e", NAME).stderr()).contains("Took over");

        // With the address and the token that the worker was given by the killed one.
        assertThat(LeaseApi.ofWorker(lease)
                        .ask("POST", "/v1/leases/%s/heartbeat".formatted(worker), "")
                        .code())
                .isEqualTo(200);
        await().atMost(LIMIT)
                .until(() -> claim(Files.readString(tokenFile), "exp")
                        > Instant.now().getEpochSecond());
        admin().with(project.files(NAME).resolve("workers/1.kubeconfig").toString())
                .succeeds("get", "configmaps");
        project.succeeds("worker", "reset", "-e", NAME, worker);
        admin().with(project.folder().resolve("given.kubeconfig").toString()).succeeds("get", "configmaps");

        holder.destroyForcibly();
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(workers(owner().onDemand())).doesNotContain(worker));
        assertDisplacesNobody();
    }

    @Test
    void aScriptThatRunsAtTheMomentOfATakeoverCostsNobodyTheEnvironment() throws IOException {
        var id = text(project.handOff(NAME), "id");
        var lease = acquire("{\"holder\": \"it\", \"ttl\": \"10m\"}");
        try (var busy = new RedisConversation(redisUrl(lease))) {
            busy.send("EVAL", "while true do end", "0");
            killPrimary();

            assertThat(project.succeeds("up", "-e", NAME).stderr())
                    .contains("Took over environment ondemand (id " + id);

            assertThat(busy.answer()).startsWith("-").contains("killed");
        }
        assertThat(owner().ask("DELETE", "/v1/leases/" + text(lease, "worker"), "")
                        .code())
                .isEqualTo(200);
    }

    private void killPrimary() {
        assertThat(RunningUp.kill(project.json(project.files(NAME).resolve("primary.json"))
                        .get("pid")
                        .getAsLong()))
                .isTrue();
    }

    /** One that the primary which took over has made: those ahead of demand were there before. */
    private void assertDisplacesNobody() {
        var leases = new ArrayList<JsonObject>();
        do {
            leases.add(acquire("{}"));
        } while (leases.size() < 10
                && epoch(text(leases.get(leases.size() - 1), "namespace")).equals("1"));
        var lease = leases.get(leases.size() - 1);
        assertThat(epoch(text(lease, "namespace"))).isNotEqualTo("1");
        for (var priority : List.of("system-node-critical", "system-cluster-critical")) {
            var ran = admin().with(text(lease, "kubeconfig"))
                    .run(
                            "run",
                            "displacing",
                            "--image=nowhere.example/none:1",
                            "--overrides={\"spec\":{\"serviceAccountName\":\"worker\",\"priorityClassName\":\"%s\"}}"
                                    .formatted(priority));
            assertThat(ran.exitCode()).as(ran.all()).isNotZero();
            assertThat(ran.stderr()).contains("a worker's pod cannot have a priority of the system's");
        }
        leases.forEach(one -> owner().ask("DELETE", "/v1/leases/" + text(one, "worker"), ""));
    }

    private String epoch(String namespace) {
        return admin().succeeds(
                        "get", "namespace", namespace, "-o", "jsonpath={.metadata.labels.dev\\.envctl\\.epoch}");
    }

    private static String expired(String token) {
        var parts = token.split("\\.", -1);
        var claims = claims(token);
        for (var time : List.of("iat", "exp")) {
            claims.addProperty(time, claims.get(time).getAsLong() - 7200);
        }
        var encoded = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(claims.toString().getBytes(StandardCharsets.UTF_8));
        return String.join(".", parts[0], encoded, parts[2]);
    }

    private static long claim(String token, String name) {
        return claims(token).get(name).getAsLong();
    }

    private static JsonObject claims(String token) {
        var payload = Base64.getUrlDecoder().decode(token.split("\\.", -1)[1]);
        return com.google.gson.JsonParser.parseString(new String(payload, StandardCharsets.UTF_8))
                .getAsJsonObject();
    }

    private Kubectl admin() {
        return Kubectl.admin(project, project.handOff(NAME));
    }

    private static List<String> workers(List<JsonObject> leases) {
        return leases.stream().map(lease -> text(lease, "worker")).toList();
    }

    private static String url(JsonObject lease) {
        return text(lease.getAsJsonObject("postgres"), "url");
    }

    private static String redisUrl(JsonObject lease) {
        return text(lease.getAsJsonObject("redis"), "url");
    }

    private static String text(JsonObject object, String field) {
        return object.get(field).getAsString();
    }
}
