package dev.envctl.scripted;

import dev.envctl.process.Command;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.regex.Pattern;

/** What {@code kind create cluster} does to the host, one step after the other. */
final class ScriptedKind {
    private static final Pattern PORT = Pattern.compile("apiServerPort\\W+(\\d+)");

    private final World world;
    private final String cluster;
    private final Path kubeconfig;
    private final int port;
    private final World.Running self;
    private final World.Running podman;

    private ScriptedKind(World world, Command command) {
        this.world = world;
        this.cluster = value(command, "--name");
        this.kubeconfig = Path.of(value(command, "--kubeconfig"));
        this.port = port(Path.of(value(command, "--config")));
        this.self = new World.Running("kind", command.paste());
        this.podman = new World.Running("podman", "run --name " + node() + " " + cluster);
    }

    /** The program as it stands before its first step. */
    static World.Running of(World world, Command command) {
        return new ScriptedKind(world, command).started();
    }

    private World.Running started() {
        self.steps.add(this::ensureNetwork);
        self.steps.add(this::makeVolume);
        self.steps.add(this::runPodman);
        self.steps.add(() -> require(world.nodes.containsKey(node())));
        self.steps.add(this::runKubeadm);
        self.steps.add(() -> node(found -> found.kubernetes.start()));
        self.steps.add(() -> node(found -> join(found.kubernetes)));
        self.steps.add(this::lockKubeconfig);
        self.steps.add(this::writeKubeconfig);
        world.processes.add(self);
        return self;
    }

    private String node() {
        return cluster + "-control-plane";
    }

    private void require(boolean holds) {
        if (!holds) {
            self.failed = true;
            self.steps.clear();
        }
    }

    private void node(java.util.function.Consumer<ScriptedNode> work) {
        var node = world.nodes.get(node());
        require(node != null && node.running);
        if (node != null && node.running) {
            work.accept(node);
        }
    }

    /** Without labels of ours: a network that kind made itself is found by nobody. */
    private void ensureNetwork() {
        world.networks.putIfAbsent(cluster, Map.of());
    }

    private void makeVolume() {
        world.volumes.put("volume-of-" + node(), Map.of(node(), "true"));
    }

    /** A program of its own, which goes on when kind is killed. */
    private void runPodman() {
        podman.steps.add(this::makeContainer);
        podman.steps.add(() -> {
            var node = world.nodes.get(node());
            if (node != null) {
                node.running = true;
            }
        });
        world.processes.add(podman);
        awaitPodman();
    }

    private void awaitPodman() {
        if (!podman.steps.isEmpty()) {
            if (world.processes.contains(podman)) {
                podman.next();
                self.steps.addFirst(this::awaitPodman);
            } else {
                require(false);
            }
        }
    }

    private void makeContainer() {
        if (!world.networks.containsKey(cluster) || world.nodes.containsKey(node())) {
            podman.steps.clear();
            return;
        }
        world.volumes.putIfAbsent("volume-of-" + node(), Map.of(node(), "true"));
        world.nodes.put(node(), new ScriptedNode(node(), cluster, cluster, "volume-of-" + node(), port));
    }

    private void runKubeadm() {
        node(found -> found.files.put(World.ADMIN_KUBECONFIG, kubeconfig("https://" + node() + ":6443")));
    }

    private static void join(ScriptedCluster kubernetes) {
        kubernetes.put("/api/v1/nodes/" + kubernetes.name, """
                {"metadata":{"name":"%s"},"status":{"conditions":[{"type":"Ready","status":"True"}]}}
                """.formatted(kubernetes.name));
        kubernetes.put("/apis/apps/v1/namespaces/kube-system/daemonsets/kube-proxy", """
                {"metadata":{"name":"kube-proxy","namespace":"kube-system"},
                 "status":{"desiredNumberScheduled":1,"numberAvailable":1,"updatedNumberScheduled":1}}
                """);
        kubernetes.put("/apis/apps/v1/namespaces/kube-system/deployments/coredns", """
                {"metadata":{"name":"coredns","namespace":"kube-system"},
                 "status":{"availableReplicas":1,"updatedReplicas":1,"replicas":1}}
                """);
        kubernetes.put("/api/v1/namespaces/kube-system", "{\"metadata\":{\"name\":\"kube-system\"}}");
    }

    /** As kind does, which leaves it there when it is killed, and gives up where one is there already. */
    private void lockKubeconfig() {
        try {
            Files.createFile(kubeconfig.resolveSibling("kubeconfig.lock"));
        } catch (IOException e) {
            require(false);
        }
    }

    private void writeKubeconfig() {
        try {
            Files.writeString(kubeconfig, kubeconfig("https://127.0.0.1:" + port));
            Files.delete(kubeconfig.resolveSibling("kubeconfig.lock"));
        } catch (IOException e) {
            require(false);
        }
    }

    private String kubeconfig(String server) {
        return """
                apiVersion: v1
                kind: Config
                current-context: kind-%1$s
                contexts:
                - name: kind-%1$s
                  context: {cluster: kind-%1$s, user: kind-%1$s}
                clusters:
                - name: kind-%1$s
                  cluster:
                    certificate-authority-data: %2$s
                    server: %3$s
                users:
                - name: kind-%1$s
                  user: {client-certificate-data: %2$s, client-key-data: %2$s}
                """.formatted(
                cluster, Base64.getEncoder().encodeToString(cluster.getBytes(StandardCharsets.US_ASCII)), server);
    }

    private static String value(Command command, String option) {
        var arguments = command.arguments();
        return arguments.get(arguments.indexOf(option) + 1);
    }

    private static int port(Path config) {
        try {
            var found = PORT.matcher(Files.readString(config));
            if (!found.find()) {
                throw new IllegalStateException("no port in " + config);
            }
            return Integer.parseInt(found.group(1));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
