package dev.envctl.spec;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One environment file ({@code environments/NAME.yaml}) with defaults and overrides applied.
 *
 * @param name the environment's name, a DNS label of at most 30 characters
 * @param file the file it was read from, absolute
 * @param postgres empty where the file names no Postgres
 * @param redis empty where the file names no Redis
 * @param manifests the user's own Kubernetes objects in the order they are applied
 * @param suites test suites to be run inside the cluster
 */
public record EnvironmentSpec(
        String name,
        Path file,
        ClusterSpec cluster,
        Optional<PostgresSpec> postgres,
        Optional<RedisSpec> redis,
        List<ManifestSpec> manifests,
        List<SuiteSpec> suites,
        WorkersSpec workers,
        PortRange ports,
        Timeouts timeouts) {
    public EnvironmentSpec {
        manifests = List.copyOf(manifests);
        suites = List.copyOf(suites);
    }

    /** The names in images.lock that this environment uses, the node image first. */
    public List<String> images() {
        var names = new ArrayList<String>();
        names.add(cluster.image());
        postgres.ifPresent(service -> names.add(service.image()));
        redis.ifPresent(service -> names.add(service.image()));
        suites.forEach(suite -> names.add(suite.image()));
        return names.stream().distinct().toList();
    }
}
