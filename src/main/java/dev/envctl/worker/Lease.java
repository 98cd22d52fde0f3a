package dev.envctl.worker;

import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What one worker has for itself. All of it is there before its tests begin: a database, a Redis index or server, a namespace,
 * host ports and a prefix for names.
 */
public final class Lease {
    private final Map<String, String> variables;
    private final AtomicInteger tests = new AtomicInteger();

    /**
     * One that these variables describe.
     *
     * @param variables as in {@code workers/N.env}
     * @throws LeaseException if they are not those of a lease
     */
    public Lease(Map<String, String> variables) {
        this.variables = Map.copyOf(variables);
        for (var name : new String[] {"ENVCTL_WORKER", "ENVCTL_TEST_ID", "ENVCTL_API", "ENVCTL_TOKEN"}) {
            required(name);
        }
    }

    /**
     * The lease of this process: the one that {@code envctl.lease}, {@code ENVCTL_DIRECTORY} or the variables of the process
     * name, or that lies in the project around the current folder.
     *
     * @throws LeaseException saying what was looked for and where
     */
    public static Lease ofThisProcess() {
        return LeaseSource.ofThisProcess().lease();
    }

    /**
     * The lease in a file {@code workers/N.env}.
     *
     * @throws LeaseException if it cannot be read
     */
    public static Lease read(Path file) {
        return new Lease(VariablesFile.read(file));
    }

    /** The worker's number, from 1. */
    public int worker() {
        var text = required("ENVCTL_WORKER");
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new LeaseException("ENVCTL_WORKER is no number: " + text, e);
        }
    }

    /** What tells this lease from all others, also from an earlier one of the same number. */
    public String id() {
        return text("ENVCTL_LEASE").orElseGet(() -> required("ENVCTL_TEST_ID"));
    }

    /** A prefix for names that no other lease has; lower-case letters, digits and hyphens. */
    public String testId() {
        return required("ENVCTL_TEST_ID");
    }

    /**
     * A name for a test, which everything that the test makes should begin with: {@code w3-5f0c9d21-1}, {@code w3-5f0c9d21-2} and
     * so on. Counts in this object, so keep one for the whole process. Thread-safe.
     */
    public String nextTestId() {
        return testId() + "-" + tests.incrementAndGet();
    }

    /** Such as {@code postgresql://user:password@127.0.0.1:15001/worker_1}, as libpq takes it. */
    public String databaseUrl() {
        return required("DATABASE_URL");
    }

    /** Such as {@code jdbc:postgresql://127.0.0.1:15001/worker_1}; user and password are apart. */
    public String jdbcUrl() {
        return "jdbc:postgresql://%s:%s/%s".formatted(required("PGHOST"), required("PGPORT"), database());
    }

    public String databaseUser() {
        return required("PGUSER");
    }

    public String databasePassword() {
        return required("PGPASSWORD");
    }

    /** The name of the database. */
    public String database() {
        return required("PGDATABASE");
    }

    /** Such as {@code redis://user:password@127.0.0.1:15002/3}. */
    public String redisUrl() {
        return required("REDIS_URL");
    }

    /** The worker's own, with the rights that it has. */
    public Path kubeconfig() {
        return Path.of(required("KUBECONFIG"));
    }

    public String namespace() {
        return required("ENVCTL_NAMESPACE");
    }

    /** Host ports that are its own. */
    public Ports ports() {
        return Ports.parse(required("ENVCTL_PORTS"));
    }

    /** Host ports that reach its own services, by the node port that they lead to. */
    public Map<Integer, Integer> nodePorts() {
        var ports = new TreeMap<Integer, Integer>();
        for (var pair : text("ENVCTL_NODE_PORTS").orElse("").split(",", -1)) {
            var colon = pair.indexOf(':');
            if (colon > 0) {
                ports.put(Integer.valueOf(pair.substring(colon + 1)), Integer.valueOf(pair.substring(0, colon)));
            }
        }
        return ports;
    }

    /** All of it, as in {@code workers/N.env}. */
    public Map<String, String> variables() {
        return new TreeMap<>(variables);
    }

    /** The folder of the environment's files, {@code .envctl/NAME}. */
    Path environment() {
        return Objects.requireNonNull(
                Objects.requireNonNull(kubeconfig().getParent()).getParent());
    }

    String api() {
        return required("ENVCTL_API");
    }

    String token() {
        return required("ENVCTL_TOKEN");
    }

    private Optional<String> text(String name) {
        return Optional.ofNullable(variables.get(name)).filter(value -> !value.isEmpty());
    }

    private String required(String name) {
        return text(name)
                .orElseThrow(() -> new LeaseException(
                        "The lease%s has no %s: the environment has no such service, or these are not the variables of a lease."
                                .formatted(
                                        text("ENVCTL_WORKER")
                                                .map(worker -> " of worker " + worker)
                                                .orElse(""),
                                        name)));
    }

    /** Names the lease, without what is secret in it. */
    @Override
    public String toString() {
        return "lease %s of worker %d".formatted(id(), worker());
    }
}
