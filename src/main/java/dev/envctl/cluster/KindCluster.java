package dev.envctl.cluster;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.engine.Container;
import dev.envctl.engine.Engine;
import dev.envctl.engine.EngineKind;
import dev.envctl.process.Command;
import dev.envctl.process.Finished;
import dev.envctl.process.Programs;
import dev.envctl.readiness.Deadline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Creates a cluster with kind, and reaches into its nodes. */
public final class KindCluster {
    static final String CLUSTER_LABEL = "io.x-k8s.kind.cluster";
    /** What Podman leaves running for all its networks (aardvark-dns) must not hold the user's folder. */
    private static final Path ELSEWHERE = Path.of("/");

    private static final String KUBEADM_ERROR = "error: ";
    private static final int SHOWN_LINES = 15;

    /**
     * Says what kubeadm has written as soon as it has, or gives up after ten seconds. Asked in the node, because for every
     * file that is taken out of a container Podman starts a program that enters it.
     */
    private static final String ADMIN_KUBECONFIG = """
            file=/etc/kubernetes/admin.conf rounds=0
            until grep -qs client-key-data $file; do
                rounds=$((rounds + 1))
                [ $rounds -lt 100 ] || exit 1
                sleep 0.1
            done
            cat $file
            """;

    private final Programs programs;
    private final Engine engine;
    private final ClusterName name;

    public KindCluster(Programs programs, Engine engine, ClusterName name) {
        this.programs = programs;
        this.engine = engine;
        this.name = name;
    }

    public ClusterName name() {
        return name;
    }

    /**
     * Makes the cluster's own network. It is not kind's shared one: creating that is racy under Podman, and it would be
     * left behind.
     */
    public void createNetwork(int epoch, Path directory) {
        engine.createNetwork(name.toString(), Labels.network(name, Integer.toString(epoch), directory.toString()));
    }

    /**
     * Runs {@code kind create cluster}. The nodes are kept when it fails, for diagnosis: removing them is the caller's
     * business. Node readiness is not waited for; kind's own {@code --wait} warns and exits 0 on time-out.
     *
     * @param scratch a private folder for kind's configuration
     * @param kubeconfig written by kind; must be ours alone
     */
    public void create(ClusterPlan plan, Path scratch, Path kubeconfig, Consumer<String> log, Deadline deadline) {
        var config = scratch.resolve("kind.yaml");
        try {
            var patches = Files.createDirectories(
                    scratch.resolve("patches"),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            write(patches.resolve(KindConfig.COREDNS_FILE), KindConfig.COREDNS);
            write(config, KindConfig.render(plan, patches));
        } catch (IOException e) {
            throw new EnvctlException(
                    FailureKind.FAILED,
                    "Cannot write %s: %s".formatted(config, e.getMessage()),
                    "Check free space, permissions and who owns the folder.",
                    e);
        }
        var finished = programs.run(
                Command.of(
                                "kind",
                                "create",
                                "cluster",
                                "--name",
                                name.toString(),
                                "--config",
                                config.toString(),
                                "--kubeconfig",
                                kubeconfig.toString(),
                                "--retain",
                                "--verbosity",
                                "1")
                        .with(environment())
                        // Who is told to end ends kind in order; a terminal must not do it first.
                        .inOwnSession()
                        .in(ELSEWHERE)
                        .timeout(deadline.remainingForCall()),
                log);
        if (!finished.succeeded()) {
            throw creationFailed(finished);
        }
    }

    /** Readable for its owner only. */
    private static void write(Path file, String text) throws IOException {
        Files.deleteIfExists(file);
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, text);
    }

    /** kind's own words without its stack traces, and kubeadm's error where it is kubeadm that failed. */
    private EnvctlException creationFailed(Finished finished) {
        var told = toTheError(finished.stderr()
                .lines()
                .takeWhile(line -> !line.startsWith("Stack Trace"))
                .toList());
        var reason =
                first(told, KUBEADM_ERROR).or(() -> first(told, "ERROR: ")).orElse("exit code " + finished.exitCode());
        var last = told.subList(Math.max(0, told.size() - SHOWN_LINES), told.size());
        var lost = engineLost();
        if (lost.isPresent()) {
            return new EnvctlException(
                    lost.get().kind(), lost.get().problem(), lost.get().remedy(), last, lost.get());
        }
        return new EnvctlException(FailureKind.FAILED, "kind could not create the cluster: " + reason, "", last, null);
    }

    /** What kubeadm writes after its error is a stack trace of its own. */
    private static List<String> toTheError(List<String> lines) {
        for (var i = 0; i < lines.size(); i++) {
            if (lines.get(i).startsWith(KUBEADM_ERROR)) {
                return lines.subList(0, i + 1);
            }
        }
        return lines;
    }

    /** Without its engine kind fails in whatever words the program it ran had: that one is to blame is what matters. */
    private Optional<EnvctlException> engineLost() {
        try {
            nodes();
            return Optional.empty();
        } catch (EnvctlException e) {
            return Optional.of(e);
        }
    }

    private static Optional<String> first(List<String> lines, String prefix) {
        return lines.stream()
                .filter(line -> line.startsWith(prefix))
                .findFirst()
                .map(line -> line.substring(prefix.length()));
    }

    /**
     * The administrator's kubeconfig, with the address that works from the host. Waits for it for some seconds; empty while
     * the control plane does not run yet or kubeadm has not written it.
     */
    public Optional<String> adminKubeconfig(String server, Deadline deadline) {
        if (nodes().stream().noneMatch(node -> node.running() && node.name().equals(name.controlPlane()))) {
            return Optional.empty();
        }
        var said = engine.execute(name.controlPlane(), List.of("sh", "-c", ADMIN_KUBECONFIG), deadline);
        return said.succeeded()
                ? Optional.of(said.output().replaceAll("(?m)^(\\s*server:).*$", "$1 " + server))
                : Optional.empty();
    }

    public List<Container> nodes() {
        return engine.containers(CLUSTER_LABEL, name.toString());
    }

    /**
     * Collects what kind knows about the nodes into a folder: logs of containerd, kubelet, pods, the node itself. kind goes
     * on where one of its questions fails, and then exits 1: the folder says in {@code incomplete.txt} what is not there.
     */
    public void exportLogs(Path directory, Duration limit) {
        var finished =
                programs.run(Command.of("kind", "export", "logs", "--name", name.toString(), directory.toString())
                        .with(environment())
                        .timeout(limit));
        if (finished.succeeded()) {
            return;
        }
        if (!Files.isDirectory(directory.resolve(name.controlPlane()))) {
            throw finished.failure("");
        }
        try {
            Files.write(directory.resolve("incomplete.txt"), finished.tail());
        } catch (IOException e) {
            throw new EnvctlException(
                    FailureKind.FAILED, "Cannot write into %s: %s".formatted(directory, e.getMessage()), "", e);
        }
    }

    private Map<String, String> environment() {
        var environment = new HashMap<>(engine.environment());
        environment.put(
                engine.kind() == EngineKind.PODMAN
                        ? "KIND_EXPERIMENTAL_PODMAN_NETWORK"
                        : "KIND_EXPERIMENTAL_DOCKER_NETWORK",
                name.toString());
        // Whatever the user's shell points at, kind must not touch it.
        environment.put("KUBECONFIG", "");
        return environment;
    }
}
