package dev.envctl.service;

import dev.envctl.kubernetes.ObjectReference;
import dev.envctl.spec.RedisSpec;
import dev.envctl.spec.Storage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Redis as the environment runs it: nothing is ever written to disk. */
public final class RedisService {
    /** To be published on the loopback address of this machine. */
    public static final int NODE_PORT = PostgresService.NODE_PORT + 1;

    /** Before those of the workers' servers. */
    private static final int FIRST_INSTANCE_NODE_PORT = 32200;

    static final String NAME = "redis";
    static final String ADMIN = "default";
    private static final int PORT = 6379;
    private static final int USER_ID = 999;
    static final String PASSWORD = "password";
    private static final String CONFIGURATION = "redis.conf";

    private final RedisSpec spec;
    private final ServiceCredentials credentials;

    public RedisService(RedisSpec spec, ServiceCredentials credentials) {
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

    /** The same for the server of one worker. */
    public static int nodePort(int worker) {
        return FIRST_INSTANCE_NODE_PORT + worker;
    }

    /** The server of one worker. */
    public static ObjectReference deployment(int worker) {
        return ObjectReference.deployment(Services.NAMESPACE, name(worker));
    }

    /** Where pods find the server of one worker. */
    static ServiceEndpoint inCluster(int worker) {
        return Services.inCluster(name(worker), PORT);
    }

    private static String name(int worker) {
        return NAME + "-" + worker;
    }

    /** How many numbered databases the shared server has. */
    int databases() {
        return spec.databases();
    }

    /** The login that may do everything, on the reserved database 0. */
    public RedisAddress admin(ServiceEndpoint endpoint) {
        return new RedisAddress(endpoint, ADMIN, credentials.redis(), 0);
    }

    /**
     * The objects in the order they are applied, without {@link Services#foundation}.
     *
     * @param instances for how many workers there is a server besides the shared one: in a pod each, so that a limit of
     *     memory or a death is one worker's alone
     */
    public List<Map<String, Object>> objects(ServiceImage image, int instances, Map<String, String> labels) {
        var objects = new ArrayList<>(server(NAME, NODE_PORT, image, labels));
        for (var worker = 1; worker <= instances; worker++) {
            objects.addAll(server(name(worker), nodePort(worker), image, labels));
        }
        return objects;
    }

    private List<Map<String, Object>> server(
            String name, int nodePort, ServiceImage image, Map<String, String> labels) {
        var memory = MemoryLimit.parse(spec.resources().memory());
        var pod = new ServicePod(
                name,
                image,
                USER_ID,
                PORT,
                nodePort,
                spec.resources().memory(),
                List.of(),
                List.of("redis-server", ServicePod.SECRETS + "/" + CONFIGURATION),
                Map.of(),
                List.of(
                        new ServicePod.Volume(
                                "data", "/data", spec.storage() == Storage.MEMORY ? memory.mebibytes(4) : 0),
                        new ServicePod.Volume("temporary", "/tmp", 0)));
        return List.of(
                pod.secret(
                        labels,
                        ServicePod.ordered(CONFIGURATION, configuration(memory), PASSWORD, credentials.redis())),
                pod.service(labels),
                pod.deployment(labels));
    }

    /**
     * In a file, because arguments can be read in the list of processes.
     *
     * <p>What clients send and do not read lies in memory too, and {@code maxmemory} stops only commands that write. So a
     * value, an answer and all clients together have limits of their own, which fit beside full data: a client that
     * exceeds one is told or disconnected, where all would lose their data with the server.
     */
    private String configuration(MemoryLimit memory) {
        return """
                databases %1$d
                save ""
                appendonly no
                dir /data
                protected-mode no
                requirepass %2$s
                # A full memory is an error that says so; more than the container's limit is a kill that does not.
                maxmemory %3$dmb
                maxmemory-policy noeviction
                maxmemory-clients %4$dmb
                client-output-buffer-limit normal %5$dmb 0 0 pubsub %5$dmb 0 0
                proto-max-bulk-len %6$dmb
                # What RESTORE is given may be made to crash the server.
                sanitize-dump-payload clients
                """.formatted(
                        spec.databases(),
                        credentials.redis(),
                        memory.mebibytes(4) * 3,
                        memory.mebibytes(12),
                        memory.mebibytes(16),
                        memory.mebibytes(24));
    }
}
