package dev.envctl.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/** One environment from its making to its end; what is asked in between leaves it as it is. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class HappyPathIT {
    private static final String NAME = "hap-happy";
    private static final String USERS_KUBECONFIG = "home/.kube/config";
    private static final String YAML = """
            apiVersion: envctl.dev/v1
            kind: Environment
            metadata: {name: hap-happy}
            services: {postgres: {init: [sql]}, redis: {}}
            manifests: [manifests/gadgets.yaml]
            workers: {count: 2}
            """;

    private final Project project = Project.with(NAME, YAML)
            .file("environments/sql/10-table.sql", "CREATE TABLE colours (name text PRIMARY KEY);\n")
            .file("environments/sql/20-rows.sql", "INSERT INTO colours VALUES ('green'), ('blue');\n")
            // The definition stands last: it must be applied first all the same.
            .file("environments/manifests/gadgets.yaml", """
                    apiVersion: example.envctl.dev/v1
                    kind: Gadget
                    metadata: {name: first}
                    spec: {size: 3}
                    ---
                    apiVersion: apiextensions.k8s.io/v1
                    kind: CustomResourceDefinition
                    metadata: {name: gadgets.example.envctl.dev}
                    spec:
                      group: example.envctl.dev
                      scope: Namespaced
                      names: {kind: Gadget, singular: gadget, plural: gadgets}
                      versions:
                        - name: v1
                          served: true
                          storage: true
                          schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
                    """)
            .file(USERS_KUBECONFIG, "apiVersion: v1\nkind: Config\ncurrent-context: mine\n")
            .file("mine", "apiVersion: v1\nkind: Config\ncurrent-context: other\n");

    @BeforeAll
    void comesUp() {
        project.variable("ENVCTL_CACHE", Project.cache().toString())
                .variable("HOME", project.folder().resolve("home").toString())
                .variable("KUBECONFIG", project.folder().resolve("mine").toString());
        project.succeeds("up", "-e", NAME);
    }

    @AfterAll
    void goesAway() {
        project.close();
    }

    @Test
    void answersOutsideClientsWithTheSettingsThatBashEvaluates() throws Exception {
        var settings = project.exportedBy("eval \"$(\"$ENVCTL\" env -e %s)\"".formatted(NAME));

        var nodes = Kubectl.admin(project, project.handOff(NAME))
                .with(settings.getOrDefault("KUBECONFIG", ""))
                .succeeds("get", "nodes", "--no-headers");
        assertThat(nodes.lines()).singleElement().asString().containsPattern("-control-plane +Ready ");
        assertThat(askPostgres(settings.getOrDefault("DATABASE_URL", ""))).isEqualTo("1");
        try (var redis = new RedisConversation(settings.getOrDefault("REDIS_URL", ""))) {
            assertThat(redis.ask("PING")).isEqualTo("PONG");
        }
    }

    /** With psql where there is one, else with a driver: the question must be asked. */
    private String askPostgres(String url) throws SQLException {
        if (project.bash("command -v psql").exitCode() != 0) {
            return PostgresClient.ask(url, "select 1");
        }
        var asked =
                project.program(Map.of("DATABASE_URL", url), "bash", "-c", "psql \"$DATABASE_URL\" -Atc 'select 1'");
        assertThat(asked.exitCode()).as(asked.all()).isZero();
        return asked.stdout().strip();
    }

    @Test
    void printsTheSameSettingsForEveryReader() {
        var settings = new TreeMap<String, String>();
        json(env("-o", "json")).asMap().forEach((name, value) -> settings.put(name, value.getAsString()));

        assertThat(settings)
                .containsOnlyKeys(
                        "ENVCTL_ENVIRONMENT",
                        "KUBECONFIG",
                        "PGHOST",
                        "PGPORT",
                        "PGUSER",
                        "PGPASSWORD",
                        "PGDATABASE",
                        "DATABASE_URL",
                        "ENVCTL_IN_CLUSTER_DATABASE_URL",
                        "REDIS_URL",
                        "ENVCTL_IN_CLUSTER_REDIS_URL",
                        "ENVCTL_WORKERS",
                        "ENVCTL_DIRECTORY")
                .containsEntry("ENVCTL_ENVIRONMENT", NAME);
        assertThat(env().lines()).containsExactlyInAnyOrderElementsOf(lines("export %s='%s'", settings));
        assertThat(env("--shell", "fish").lines())
                .containsExactlyInAnyOrderElementsOf(lines("set -gx %s '%s'", settings));
        assertThat(env("--shell", "powershell").lines())
                .containsExactlyInAnyOrderElementsOf(lines("$env:%s = '%s'", settings));
        assertThat(env("--shell", "none").lines()).containsExactlyInAnyOrderElementsOf(lines("%s=%s", settings));
        assertThat(env("-o", "dotenv")).isEqualTo(env("--shell", "none"));
    }

    private String env(String... more) {
        var words = new ArrayList<>(List.of("env", "-e", NAME));
        Collections.addAll(words, more);
        return project.succeeds(words.toArray(String[]::new)).stdout();
    }

    private static List<String> lines(String form, Map<String, String> settings) {
        return settings.entrySet().stream()
                .map(setting -> form.formatted(setting.getKey(), setting.getValue()))
                .toList();
    }

    @Test
    void handsOffEveryFieldOfTheContract() throws IOException {
        HandOffContract.check(project, NAME, 2);
    }

    @Test
    void tellsWhenEachPhaseWasAndHowItEnded() {
        var plan = json(
                project.succeeds("up", "-e", NAME, "--dry-run", "-o", "json").stdout());
        var phases = plan.getAsJsonArray("phases").asList().stream()
                .map(phase -> phase.getAsJsonObject().get("name").getAsString())
                .toList();

        TimelineContract.check(project.json(project.files(NAME).resolve("timeline.json")), phases);
    }

    @Test
    void keepsItsFilesFromOtherUsers() throws IOException {
        var open = new ArrayList<String>();
        try (var files = Files.walk(project.files(NAME))) {
            for (var file : files.toList()) {
                var mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
                if (!mode.equals(Files.isDirectory(file) ? "rwx------" : "rw-------")) {
                    open.add(mode + " " + file);
                }
            }
        }
        assertThat(open).isEmpty();
    }

    @Test
    void ranTheSqlInTheDatabasesOfAll() throws SQLException {
        for (var settings : List.of("env -e " + NAME, "env -w 1 -e " + NAME, "env -w 2 -e " + NAME)) {
            var url = project.exportedBy("eval \"$(\"$ENVCTL\" %s)\"".formatted(settings))
                    .getOrDefault("DATABASE_URL", "");
            assertThat(PostgresClient.ask(url, "SELECT string_agg(name, ' ' ORDER BY name) FROM colours"))
                    .isEqualTo("blue green");
            // Its own, and not only readable.
            PostgresClient.run(url, "ALTER TABLE colours ADD COLUMN code text");
        }
    }

    @Test
    void appliedADefinitionAndAnObjectOfItFromOneFile() {
        var gadget = Kubectl.admin(project, project.handOff(NAME)).get("gadget", "first");

        assertThat(gadget.getAsJsonObject("spec").get("size").getAsInt()).isEqualTo(3);
        var labels = gadget.getAsJsonObject("metadata").getAsJsonObject("labels");
        assertThat(labels.get("dev.envctl.environment").getAsString()).isEqualTo(NAME);
        assertThat(labels.get("dev.envctl.id")).isEqualTo(project.handOff(NAME).get("id"));
    }

    @Test
    void runsTheServicesUnderTheRestrictedPodSecurityStandard() {
        var kubectl = Kubectl.admin(project, project.handOff(NAME));

        assertThat(kubectl.get("namespace", "envctl")
                        .getAsJsonObject("metadata")
                        .getAsJsonObject("labels")
                        .get("pod-security.kubernetes.io/enforce")
                        .getAsString())
                .isEqualTo("restricted");
        var asked = kubectl.run("-n", "envctl", "run", "root", "--image=none", "--dry-run=server");
        assertThat(asked.stderr()).contains("violates PodSecurity \"restricted:latest\"");
        assertThat(kubectl.succeeds("-n", "envctl", "exec", "deploy/postgres", "--", "id", "-u")
                        .strip())
                .isEqualTo("70");
        assertThat(kubectl.succeeds("-n", "envctl", "exec", "deploy/redis", "--", "id", "-u")
                        .strip())
                .isEqualTo("999");
        assertThat(kubectl.run("-n", "envctl", "exec", "deploy/redis", "--", "touch", "/etc/changed")
                        .stderr())
                .contains("Read-only file system");
    }

    @Test
    void listensOnLoopbackOnly() throws IOException {
        var handOff = project.handOff(NAME);
        var ports = ports(handOff);
        for (var found : Collections.list(NetworkInterface.getNetworkInterfaces())) {
            for (var address : Collections.list(found.getInetAddresses())) {
                if (address instanceof Inet4Address && !address.isLoopbackAddress()) {
                    for (var port : ports) {
                        assertThat(accepts(new InetSocketAddress(address, port)))
                                .as("port %d answers on %s", port, address)
                                .isFalse();
                    }
                }
            }
        }
        assertThat(project.bash("%s port %s".formatted(engine(handOff), node(handOff)))
                        .stdout()
                        .lines())
                // Two more for each worker's own services.
                .hasSize(ports.size() + 2 * 2)
                .allMatch(line -> line.contains("-> 127.0.0.1:"));
    }

    private static boolean accepts(InetSocketAddress address) {
        try (var socket = new Socket()) {
            socket.connect(address, 2000);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Of the API server, Postgres and Redis. */
    private static List<Integer> ports(JsonObject handOff) {
        var services = handOff.getAsJsonObject("services");
        return List.of(
                URI.create(handOff.getAsJsonObject("cluster").get("server").getAsString())
                        .getPort(),
                services.getAsJsonObject("postgres").get("port").getAsInt(),
                services.getAsJsonObject("redis").get("port").getAsInt());
    }

    private static String node(JsonObject handOff) {
        return handOff.getAsJsonObject("cluster").getAsJsonArray("nodes").get(0).getAsString();
    }

    private static String engine(JsonObject handOff) {
        return handOff.getAsJsonObject("cluster").get("engine").getAsString();
    }

    @Test
    void saysThatItIsReady() {
        var text = project.succeeds("status", "-e", NAME).stdout();
        assertThat(text)
                .contains("environment %s (%s) is ready".formatted(NAME, id()))
                .contains("Postgres", "Redis", "2 leases", "pid " + primary());
        var status = json(project.succeeds("status", "-e", NAME, "-o", "json").stdout());
        assertThat(status.get("state").getAsString()).isEqualTo("ready");
        assertThat(status.get("environment")).isEqualTo(project.handOff(NAME));
    }

    private String id() {
        return project.handOff(NAME).get("id").getAsString();
    }

    private String primary() {
        return project.handOff(NAME).getAsJsonObject("primary").get("pid").getAsString();
    }

    @Test
    void showsWhatThePrimaryKindAndTheServicesSaid() {
        assertThat(project.succeeds("logs", "-e", NAME).stdout()).contains("issue leases");
        assertThat(project.succeeds("logs", "kind", "-e", NAME).stdout()).contains("Creating cluster");
        assertThat(project.succeeds("logs", "postgres", "-e", NAME).stdout())
                .contains("database system is ready to accept connections");
        assertThat(project.succeeds("logs", "redis", "-e", NAME).stdout()).contains("Ready to accept connections");
        assertThat(project.envctl("logs", "nothing", "-e", NAME).exitCode()).isEqualTo(2);
    }

    @Test
    void exportsAllLogsIntoAFolder() throws IOException {
        var exported = Path.of(project.succeeds("logs", "--export", "exported", "-e", NAME)
                .stdout()
                .strip());

        assertThat(exported).isEqualTo(project.folder().resolve("exported"));
        assertThat(exported.resolve("primary.log")).content().contains("issue leases");
        assertThat(exported.resolve("kind.log")).content().contains("Creating cluster");
        assertThat(exported.resolve("postgres.log")).content().contains("ready to accept connections");
        assertThat(exported.resolve("redis.log")).content().contains("Ready to accept connections");
        assertThat(exported.resolve("timeline.json")).content().contains("issue leases");
        try (var files = Files.walk(exported.resolve("kind"))) {
            assertThat(files.map(file -> file.getFileName().toString())).contains("kubelet.log");
        }
    }

    @Test
    void attachesToWhatIsThere() throws IOException {
        var file = project.files(NAME).resolve("environment.json");
        var before = Files.readString(file);
        var container = container();

        var again = project.succeeds("up", "-e", NAME);
        assertThat(again.stdout()).contains("environment %s (%s) is ready".formatted(NAME, id()));
        assertThat(project.succeeds("up", "-e", NAME, "-o", "json").stdout()).isEqualTo(before);
        assertThat(Files.readString(file)).isEqualTo(before);
        assertThat(container()).isEqualTo(container);
    }

    /** Which container the node is, and which process runs in it since when. */
    private String container() {
        var handOff = project.handOff(NAME);
        var asked = project.bash("%s inspect --format '{{.Id}} {{.State.Pid}} {{.State.StartedAt}}' %s"
                .formatted(engine(handOff), node(handOff)));
        assertThat(asked.exitCode()).as(asked.all()).isZero();
        return asked.stdout();
    }

    @Test
    void refusesOtherSettingsAndChangesNothing() throws IOException {
        var file = project.files(NAME).resolve("environment.json");
        var before = Files.readString(file);
        var container = container();
        project.and(NAME, YAML.replace("count: 2", "count: 3"))
                .file("environments/sql/20-rows.sql", "INSERT INTO colours VALUES ('red');\n");
        try {
            var refused = project.envctl("up", "-e", NAME);

            assertThat(refused.exitCode()).as(refused.all()).isEqualTo(2);
            assertThat(refused.stdout()).isEmpty();
            assertThat(refused.stderr())
                    .contains("workers.count: 3 here, 2 in the running environment")
                    .contains("content of sql/20-rows.sql has changed")
                    .contains("envctl up --recreate");
        } finally {
            project.and(NAME, YAML)
                    .file("environments/sql/20-rows.sql", "INSERT INTO colours VALUES ('green'), ('blue');\n");
        }
        assertThat(Files.readString(file)).isEqualTo(before);
        assertThat(container()).isEqualTo(container);
    }

    @Test
    @Order(Integer.MAX_VALUE)
    void isMadeAnewAndGoesAwayWhole() throws IOException {
        var first = id();
        var primary = primary();
        project.and(NAME, YAML.replace("count: 2", "count: 3"));
        project.succeeds("up", "-e", NAME, "--recreate");
        HandOffContract.check(project, NAME, 3);
        assertThat(id()).isNotEqualTo(first);
        assertThat(ProcessHandle.of(Long.parseLong(primary))).isEmpty();
        assertThat(project.bash("podman ps -a --format '{{.Names}}'").stdout()).doesNotContain(first);
        var ports = ports(project.handOff(NAME));

        assertThat(project.succeeds("down", "-e", NAME).stderr()).contains("Environment " + NAME + " is gone.");
        project.assertNothingLeft();
        assertThat(project.succeeds("down", "-e", NAME).stderr())
                .contains("There is no environment " + NAME + ": it was removed at ");
        project.assertNothingLeft();

        assertThat(project.envctl("status", "-e", NAME).exitCode()).isEqualTo(6);
        assertThat(project.envctl("env", "-e", NAME).exitCode()).isEqualTo(6);
        for (var port : ports) {
            try (var socket = new ServerSocket(port)) {
                assertThat(socket.isBound()).isTrue();
            }
        }
        assertThat(project.files(NAME).resolve("logs/primary.log")).isNotEmptyFile();
        assertThat(project.folder().resolve(USERS_KUBECONFIG))
                .hasContent("apiVersion: v1\nkind: Config\ncurrent-context: mine\n");
        assertThat(project.folder().resolve("mine"))
                .hasContent("apiVersion: v1\nkind: Config\ncurrent-context: other\n");
        try (var files = Files.list(project.folder().resolve("home/.kube"))) {
            assertThat(files.map(file -> file.getFileName().toString())).doesNotContain("config.lock");
        }
    }

    private static JsonObject json(String text) {
        return JsonParser.parseString(text).getAsJsonObject();
    }
}
