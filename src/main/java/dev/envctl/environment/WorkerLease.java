package dev.envctl.environment;

import com.google.gson.GsonBuilder;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What one worker gets for itself: the content of {@code workers/N.json}, and as variables of {@code workers/N.env}.
 *
 * @param worker its index, from 1
 * @param testId a prefix for rows, keys and objects that no other lease on this host has
 * @param kubeconfig absolute path of its own kubeconfig
 * @param ports its block of host ports
 * @param traceparent W3C trace context: all workers of an environment share the trace
 */
public record WorkerLease(
        int worker,
        String testId,
        String kubeconfig,
        String namespace,
        HandOff.@Nullable Postgres postgres,
        HandOff.@Nullable Redis redis,
        Ports ports,
        String traceparent) {
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_@%+=:,./-]*");

    /** Written out, because javac 17 drops the annotations of a compact one's parameters. */
    public WorkerLease(
            int worker,
            String testId,
            String kubeconfig,
            String namespace,
            HandOff.@Nullable Postgres postgres,
            HandOff.@Nullable Redis redis,
            Ports ports,
            String traceparent) {
        if (worker < 1) {
            throw new IllegalArgumentException("no worker: " + worker);
        }
        this.worker = worker;
        this.testId = Objects.requireNonNull(testId);
        this.kubeconfig = Objects.requireNonNull(kubeconfig);
        this.namespace = Objects.requireNonNull(namespace);
        this.postgres = postgres;
        this.redis = redis;
        this.ports = Objects.requireNonNull(ports);
        this.traceparent = Objects.requireNonNull(traceparent);
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

    /** The variables a test process is given, in the order of the file. */
    public Map<String, String> variables() {
        var variables = new LinkedHashMap<String, String>();
        variables.put("ENVCTL_WORKER", Integer.toString(worker));
        variables.put("ENVCTL_TEST_ID", testId);
        variables.put("KUBECONFIG", kubeconfig);
        variables.put("ENVCTL_NAMESPACE", namespace);
        putServices(variables, postgres, redis);
        variables.put("ENVCTL_PORTS", ports.toString());
        variables.put("TRACEPARENT", traceparent);
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

    static void putServices(
            Map<String, String> variables, HandOff.@Nullable Postgres postgres, HandOff.@Nullable Redis redis) {
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
