package dev.envctl.service;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.kubernetes.ObjectReference;
import dev.envctl.spec.PostgresMemory;
import dev.envctl.spec.PostgresSpec;
import dev.envctl.spec.Storage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Postgres as the environment runs it. */
public final class PostgresService {
    /** To be published on the loopback address of this machine. */
    public static final int NODE_PORT = 30000;

    static final String NAME = "postgres";
    static final String APP_ROLE = "app";
    private static final int PORT = 5432;
    private static final int USER_ID = 70;
    static final String PASSWORD_FILE = "superuser-password";
    static final String APP_PASSWORD = "app-password";
    private static final Pattern TAKEN = Pattern.compile("postgres|template[01]|worker_\\d+|envctl_.*");

    /**
     * Makes the data and starts the server at once. The image's own entrypoint starts a server twice, the first time
     * only to create a database and run scripts, which we do from outside: 0.57 s instead of 0.82 s on two cores. Made aside and
     * renamed, so that data left half-made by a killed container is never taken for whole.
     */
    private static final String START = """
            if [ ! -s "$PGDATA/PG_VERSION" ]; then
              rm -rf "$PGDATA.new"
              initdb --pgdata="$PGDATA.new" --username=postgres --pwfile=%s/%s --auth=scram-sha-256 \\
                --encoding=UTF8 --locale=C.UTF-8 --no-sync --no-instructions
              echo 'host all all all scram-sha-256' >> "$PGDATA.new/pg_hba.conf"
              mv "$PGDATA.new" "$PGDATA"
            fi
            exec postgres "$@"
            """.formatted(ServicePod.SECRETS, PASSWORD_FILE);

    private final PostgresSpec spec;
    private final ServiceCredentials credentials;

    /** Fails with kind USAGE where the database's name is one that envctl uses itself. */
    public PostgresService(PostgresSpec spec, ServiceCredentials credentials) {
        if (TAKEN.matcher(spec.database()).matches()) {
            throw new EnvctlException(
                    FailureKind.USAGE,
                    "services.postgres.database: the name %s is taken by Postgres or envctl."
                            .formatted(spec.database()),
                    "Choose another name, such as app.");
        }
        this.spec = spec;
        this.credentials = credentials;
    }

    public static ObjectReference deployment() {
        return ObjectReference.deployment(Services.NAMESPACE, NAME);
    }

    /** Where pods find it. */
    public static ServiceEndpoint inCluster() {
        return Services.inCluster(NAME, PORT);
    }

    /** The superuser's login. */
    public PostgresAddress admin(ServiceEndpoint endpoint) {
        return new PostgresAddress(endpoint, "postgres", credentials.postgresAdmin(), "postgres");
    }

    /** The services' own database, initialised like every worker's; its role owns it and nothing else. */
    public PostgresAddress app(ServiceEndpoint endpoint) {
        return new PostgresAddress(endpoint, APP_ROLE, credentials.postgresApp(), spec.database());
    }

    /** The objects in the order they are applied, without {@link Services#foundation}. */
    public List<Map<String, Object>> objects(ServiceImage image, Map<String, String> labels) {
        var pod = new ServicePod(
                NAME,
                image,
                USER_ID,
                PORT,
                NODE_PORT,
                spec.resources().memory(),
                List.of("/bin/sh", "-ec", START, "postgres"),
                settings(),
                Map.of("PGDATA", "/envctl/postgres/data"),
                volumes());
        return List.of(
                pod.secret(
                        labels,
                        ServicePod.ordered(
                                PASSWORD_FILE, credentials.postgresAdmin(), APP_PASSWORD, credentials.postgresApp())),
                pod.service(labels),
                pod.deployment(labels));
    }

    /** The size of the data's volume where it is in memory. */
    static long dataMebibytes(MemoryLimit memory) {
        return PostgresMemory.volume(memory.mebibytes(1));
    }

    /** How much of that the write-ahead log may take. */
    static long logMebibytes(MemoryLimit memory) {
        return PostgresMemory.log(memory.mebibytes(1));
    }

    private List<ServicePod.Volume> volumes() {
        var memory = MemoryLimit.parse(spec.resources().memory());
        return List.of(
                // A full volume is an error that says so; more memory than the limit is a kill that does not.
                new ServicePod.Volume(
                        "data", "/envctl/postgres", spec.storage() == Storage.MEMORY ? dataMebibytes(memory) : 0),
                // The runtime's 64 MiB are too few for parallel queries.
                new ServicePod.Volume("shared-memory", "/dev/shm", memory.mebibytes(4)),
                new ServicePod.Volume("run", "/var/run/postgresql", 1),
                new ServicePod.Volume("temporary", "/tmp", 0));
    }

    private List<String> settings() {
        var memory = MemoryLimit.parse(spec.resources().memory());
        var arguments = new ArrayList<String>();
        set(arguments, "listen_addresses", "*");
        set(arguments, "max_connections", Integer.toString(spec.maxConnections()));
        set(arguments, "shared_buffers", PostgresMemory.buffers(memory.mebibytes(1)) + "MB");
        // Each copy of a database makes two: they would drown what a failure shows of the log.
        set(arguments, "log_checkpoints", "off");
        if (spec.storage() == Storage.MEMORY) {
            set(arguments, "fsync", "off");
            set(arguments, "synchronous_commit", "off");
            set(arguments, "full_page_writes", "off");
            set(arguments, "min_wal_size", "32MB");
            set(arguments, "max_wal_size", logMebibytes(memory) + "MB");
        }
        spec.settings().forEach((name, value) -> set(arguments, name, value));
        return arguments;
    }

    private static void set(List<String> arguments, String name, String value) {
        arguments.add("-c");
        arguments.add(name + "=" + value);
    }
}
