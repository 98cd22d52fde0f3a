package dev.envctl.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** A cluster of three real nodes: its network, and the images on each of them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class WorkerNodesIT {
    private static final String NAME = "nod";
    private static final String POD = """
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: %1$s, labels: {on: %1$s}}
            spec:
              nodeName: %2$s
              terminationGracePeriodSeconds: 0
              containers:
              - name: redis
                image: %3$s
                imagePullPolicy: Never
                args: [redis-server, --protected-mode, "no"]
                readinessProbe: {tcpSocket: {port: 6379}, periodSeconds: 1}
            """;
    private static final String SERVICE = """
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: %1$s}
            spec:
              selector: {on: %1$s}
              ports: [{port: 80, targetPort: 6379}]
            """;

    private final Project project = Project.with(NAME, """
            apiVersion: envctl.dev/v1
            kind: Environment
            metadata: {name: nod}
            cluster: {workerNodes: 2}
            services: {postgres: {}, redis: {}}
            workers: {count: 1}
            """);

    @BeforeAll
    void up() {
        project.succeeds("up", "-e", NAME);
    }

    /** Fails where anything is left. */
    @AfterAll
    void down() {
        project.close();
    }

    private List<String> nodes() {
        return strings(project.handOff(NAME).getAsJsonObject("cluster").getAsJsonArray("nodes"));
    }

    private static List<String> strings(Iterable<JsonElement> array) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(one -> one.getAsString())
                .toList();
    }

    private String reference(String image) {
        for (var one : project.handOff(NAME).getAsJsonArray("images")) {
            if (one.getAsJsonObject().get("name").getAsString().equals(image)) {
                return one.getAsJsonObject().get("reference").getAsString();
            }
        }
        throw new AssertionError(image);
    }

    @Test
    void podsReachEachOtherAndServicesFromEveryNode() {
        var kubectl = Kubectl.admin(project, project.handOff(NAME));
        var manifest = new StringBuilder();
        var pods = List.of("first", "second", "third");
        for (var i = 0; i < pods.size(); i++) {
            manifest.append(POD.formatted(pods.get(i), nodes().get(i), reference("redis")))
                    .append(SERVICE.formatted(pods.get(i)));
        }
        project.file("pods.yaml", manifest.toString());
        kubectl.succeeds("apply", "-f", project.folder().resolve("pods.yaml").toString());
        kubectl.succeeds("wait", "--for=condition=Ready", "--timeout=60s", "pod/first", "pod/second", "pod/third");
        assertThat(pods.stream().map(pod -> status(kubectl, pod).get("hostIP")).distinct())
                .hasSize(3);

        for (var from : pods) {
            for (var to : pods) {
                // A pod is seen under its own address: nobody translates between nodes.
                assertThat(says(kubectl, from, address(kubectl, to), "6379", "client info"))
                        .contains(" addr=" + address(kubectl, from) + ":");
                // A node learns of a Service's pods a moment after they are ready.
                await().atMost(Duration.ofSeconds(60))
                        .untilAsserted(
                                () -> assertThat(says(kubectl, from, to + ".default.svc.cluster.local", "80", "ping"))
                                        .isEqualTo("PONG"));
            }
        }
        // From every node's own network too, as the kubelet's probes and what listens on the host do.
        for (var node : nodes()) {
            for (var to : pods) {
                assertThat(inNode(
                                        node,
                                        "exec 3<>/dev/tcp/%s/6379; printf 'PING\\r\\n' >&3; read -r answer <&3; echo \"$answer\""
                                                .formatted(address(kubectl, to)))
                                .stdout())
                        .contains("+PONG");
            }
        }
    }

    private static JsonObject status(Kubectl kubectl, String pod) {
        return kubectl.get("pod", pod).getAsJsonObject("status");
    }

    private static String address(Kubectl kubectl, String pod) {
        return status(kubectl, pod).get("podIP").getAsString();
    }

    private static String says(Kubectl kubectl, String pod, String host, String port, String question) {
        var command = Stream.concat(
                Stream.of("exec", pod, "--", "timeout", "10", "redis-cli", "-h", host, "-p", port),
                Stream.of(question.split(" ")));
        return kubectl.succeeds(command.toArray(String[]::new)).strip();
    }

    private String engine() {
        return project.handOff(NAME).getAsJsonObject("cluster").get("engine").getAsString();
    }

    private Ran inNode(String node, String script) {
        return project.program(Map.of(), engine(), "exec", node, "bash", "-euc", script);
    }

    @Test
    void everyNodeHasEveryImageAndADifferenceIsFound() {
        assertThat(rows(project.succeeds("images", "verify", "-e", NAME, "-o", "json")))
                .contains("node engine %s ok".formatted(engine()))
                .containsAll(nodes().stream()
                        .flatMap(node -> Stream.of("postgres node %s ok", "redis node %s ok")
                                .map(row -> row.formatted(node)))
                        .toList());
        var removed = nodes().get(1);
        var retagged = nodes().get(2);
        var ctr = "ctr -n k8s.io images ";
        assertThat(inNode(removed, ctr + "rm " + reference("redis")).exitCode()).isZero();
        assertThat(inNode(retagged, ctr + "tag --force %s %s".formatted(reference("redis"), reference("postgres")))
                        .exitCode())
                .isZero();
        try {
            var found = project.envctl("images", "verify", "-e", NAME);
            assertThat(found.exitCode()).as(found.all()).isEqualTo(5);
            assertThat(found.stderr())
                    .containsPattern("(?m)%s +redis +%s +nothing$".formatted(removed, reference("redis")))
                    .containsPattern("(?m)%s +postgres +%s +that name for another image, sha256:"
                            .formatted(retagged, reference("postgres")))
                    .contains("2 of ", "envctl up --recreate -e " + NAME);
            assertThat(found.stdout()).containsPattern("(?m)postgres +node +" + nodes().get(0) + " +ok$");
        } finally {
            for (var node : List.of(removed, retagged)) {
                for (var image : List.of("postgres", "redis")) {
                    var name = reference(image);
                    inNode(
                            node,
                            "%1$srm %2$s || true; %1$simport --digests --base-name %3$s /envctl/images/%4$s.tar"
                                    .formatted(ctr, name, name.substring(0, name.indexOf('@')), image));
                }
            }
        }
        var again = project.envctl("images", "verify", "-e", NAME);
        assertThat(again.exitCode()).as(again.all()).isZero();
    }

    private static List<String> rows(Ran ran) {
        var rows = new ArrayList<String>();
        for (var element : JsonParser.parseString(ran.stdout()).getAsJsonArray()) {
            var row = element.getAsJsonObject();
            rows.add(Stream.of("name", "origin", "place", "state")
                    .filter(row::has)
                    .map(key -> row.get(key).getAsString())
                    .collect(Collectors.joining(" ")));
        }
        return rows;
    }

    @Test
    void theLogsOfAllNodesAreExportedWhole() {
        var exported = project.folder().resolve("exported").resolve("kind");
        project.succeeds("logs", "--export", "exported", "-e", NAME);
        assertThat(exported.resolve("incomplete.txt")).doesNotExist();
        for (var node : nodes()) {
            assertThat(exported.resolve(node).resolve("images.log")).content().contains("registry.k8s.io/pause");
        }
    }
}
