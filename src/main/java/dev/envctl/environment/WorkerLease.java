package dev.envctl.environment;

import com.google.gson.GsonBuilder;
import dev.envctl.environment.HandOff.Postgres;
import dev.envctl.environment.HandOff.Redis;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What one worker gets for itself: the content of {@code workers/N.json}, and as variables of {@code workers/N.env}.
 *
 * @param worker its index, from 1
 * @param lease what tells it from every other lease, also from an earlier one of the same index
 * @param testId a prefix for rows, keys and objects that no other lease has
 * @param kubeconfig absolute path of its own kubeconfig
 * @param ports its block of host ports
 * @param nodePorts more host ports of its own, each with the node port of the cluster that it reaches
 * @param api the primary's address
 * @param token opens what is for this worker there
 * @param traceparent W3C trace context: all workers of an environment share the trace
 * @param holder who acquired it; null for a lease that belongs to whoever reads its file
 * @param kept whether it has been released but for its database
 */
public record WorkerLease(
        int worker,
        String lease,
        String testId,
        String kubeconfig,
        String namespace,
        @Nullable Postgres postgres,
        @Nullable Redis redis,
        Ports ports,
        List<NodePort> nodePorts,
        String api,
        String token,
        String traceparent,
        @Nullable Holder holder,
        boolean kept) {
    /** The ServiceAccount in its namespace that may do there what the lease may. */
    public static final String ACCOUNT = "worker";

    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_@%+=:,./-]*");

    /** Written out, because javac 17 drops the annotations of a compact one's parameters. */
    public WorkerLease(
            int worker,
            String lease,
            String testId,
            String kubeconfig,
            String namespace,
            @Nullable Postgres postgres,
            @Nullable Redis redis,
            Ports ports,
            List<NodePort> nodePorts,
            String api,
            String token,
            String traceparent,
            @Nullable Holder holder,
            boolean kept) {
        if (worker < 1) {
            throw new IllegalArgumentException("no worker: " + worker);
        }
        this.worker = worker;
        this.lease = Objects.requireNonNull(lease);
        this.testId = Objects.requireNonNull(testId);
        this.kubeconfig = Objects.requireNonNull(kubeconfig);
        this.namespace = Objects.requireNonNull(namespace);
        this.postgres = postgres;
        this.redis = redis;
        this.ports = Objects.requireNonNull(ports);
        this.nodePorts = List.copyOf(nodePorts);
        this.api = Objects.requireNonNull(api);
        this.token = Objects.requireNonNull(token);
        this.traceparent = Objects.requireNonNull(traceparent);
        this.holder = holder;
        this.kept = kept;
    }

    /** A port of this machine that reaches a Service of type NodePort with that node port. */
    public record NodePort(int host, int node) {
        @Override
        public String toString() {
            return host + ":" + node;
        }
    }

    /**
     * Who acquired a lease on demand.
     *
     * @param text as they call themselves
     * @param pid the process at whose end the lease returns; 0 for none
     * @param started when that process was started, as {@link dev.envctl.process.KnownProcess} says it; 0 for none
     * @param ttl how long the lease lives without a heartbeat, such as {@code 5m}; empty for as long as the process
     * @param since ISO 8601
     */
    public record Holder(String text, long pid, long started, String ttl, String since) {}

    public WorkerLease heldBy(@Nullable Holder next) {
        return with(api, token, next, false);
    }

    public WorkerLease keptForInspection() {
        return with(api, token, holder, true);
    }

    public WorkerLease reachedAt(String nextApi, String nextToken) {
        return with(nextApi, nextToken, holder, kept);
    }

    private WorkerLease with(String nextApi, String nextToken, @Nullable Holder nextHolder, boolean nextKept) {
        return new WorkerLease(
                worker,
                lease,
                testId,
                kubeconfig,
                namespace,
                postgres,
                redis,
                ports,
                nodePorts,
                nextApi,
                nextToken,
                traceparent,
                nextHolder,
                nextKept);
    }

    /** Both included. */
    public record Ports(int from, int to) {
        public Ports {
            if (from < 1 || to < from) {
                throw new IllegalArgumentException("no block of ports: %d-%d".formatted(from, to));
            }
        }

        @Override
        public String toString() {
            return from + "-" + to;
        }
    }

    public String json() {
        return new GsonBuilder()
                        .setPrettyPrinting()
                        .disableHtmlEscaping()
                        .create()
                        .toJson(this) + "\n";
    }

    /** What a file of {@code workers/N.json} says, or empty where there is none or it makes no sense. */
    public static Optional<WorkerLease> read(Path file) {
        return StateFile.read(file, WorkerLease.class);
    }

    /** What its connections are called in {@code pg_stat_activity} and {@code CLIENT LIST}. */
    private String clientName() {
        return "envctl-worker-%d-%s".formatted(worker, label());
    }

    /** What tells it from other leases of its index. */
    String label() {
        return lease.substring(lease.indexOf('-') + 1);
    }

    /** The variables a test process is given, in the order of the file. */
    public Map<String, String> variables() {
        var variables = new LinkedHashMap<String, String>();
        variables.put("ENVCTL_WORKER", Integer.toString(worker));
        variables.put("ENVCTL_LEASE", lease);
        variables.put("ENVCTL_TEST_ID", testId);
        variables.put("ENVCTL_API", api);
        variables.put("ENVCTL_TOKEN", token);
        variables.put("KUBECONFIG", kubeconfig);
        variables.put("ENVCTL_NAMESPACE", namespace);
        putServices(variables, postgres, redis);
        variables.put("ENVCTL_CLIENT_NAME", clientName());
        if (postgres != null) {
            // libpq, and what stands on it, would else call itself by the program's name.
            variables.put("PGAPPNAME", clientName());
        }
        variables.put("ENVCTL_PORTS", ports.toString());
        variables.put(
                "ENVCTL_NODE_PORTS", nodePorts.stream().map(NodePort::toString).collect(Collectors.joining(",")));
        variables.put("TRACEPARENT", traceparent);
        return variables;
    }

    /** The same for a process in the cluster: without what only this machine has. */
    public Map<String, String> variablesInCluster() {
        var variables = new LinkedHashMap<>(variables());
        List.of("ENVCTL_API", "ENVCTL_TOKEN", "KUBECONFIG", "ENVCTL_PORTS", "ENVCTL_NODE_PORTS")
                .forEach(variables::remove);
        if (postgres != null) {
            var inCluster = postgres.inCluster();
            variables.put("PGHOST", inCluster.host());
            variables.put("PGPORT", Integer.toString(inCluster.port()));
            variables.put("DATABASE_URL", inCluster.url());
        }
        if (redis != null) {
            variables.put("REDIS_URL", redis.inCluster().url());
        }
        return variables;
    }

    /** {@code NAME=value} a line, quoted so that a shell and dotenv readers take it the same way. */
    public String env() {
        var text = new StringBuilder();
        variables().forEach((name, value) -> text.append(line(name, value)).append('\n'));
        return text.toString();
    }

    /** One line of such a file. */
    public static String line(String name, String value) {
        return name + "=" + (PLAIN.matcher(value).matches() ? value : "'" + value.replace("'", "'\\''") + "'");
    }

    static void putServices(Map<String, String> variables, @Nullable Postgres postgres, @Nullable Redis redis) {
        if (postgres != null) {
            variables.put("PGHOST", postgres.host());
            variables.put("PGPORT", Integer.toString(postgres.port()));
            variables.put("PGUSER", postgres.user());
            variables.put("PGPASSWORD", postgres.password());
            variables.put("PGDATABASE", postgres.database());
            variables.put("DATABASE_URL", postgres.url());
            variables.put("ENVCTL_IN_CLUSTER_DATABASE_URL", postgres.inCluster().url());
        }
        if (redis != null) {
            variables.put("REDIS_URL", redis.url());
            variables.put("ENVCTL_IN_CLUSTER_REDIS_URL", redis.inCluster().url());
        }
    }
}
