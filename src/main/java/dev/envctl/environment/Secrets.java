package dev.envctl.environment;

import dev.envctl.environment.HandOff.Postgres;
import dev.envctl.environment.HandOff.Redis;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What must not be read in a log: passwords, tokens and keys, and the addresses that contain them. */
public final class Secrets {
    private static final Pattern IN_KUBECONFIG =
            Pattern.compile("(?m)^[ -]*(?:client-key-data|token): *\"?([^\\s\"]+)");

    private final Set<String> found = new LinkedHashSet<>();

    private Secrets() {}

    /** All that a ready environment has given out: the services' own, the administrator's, and those of every fixed lease. */
    public static Set<String> of(HandOff handOff) {
        var secrets = new Secrets();
        secrets.addServices(handOff.services().postgres(), handOff.services().redis());
        secrets.addKubeconfig(Path.of(handOff.cluster().kubeconfig()));
        handOff.workers().stream()
                .flatMap(worker -> WorkerLease.read(Path.of(worker.file())).stream())
                .forEach(secrets::addLease);
        return secrets.found;
    }

    /** Those of one lease. */
    public static Set<String> of(WorkerLease lease) {
        var secrets = new Secrets();
        secrets.addLease(lease);
        return secrets.found;
    }

    private void addLease(WorkerLease lease) {
        add(lease.token());
        addServices(lease.postgres(), lease.redis());
        var kubeconfig = Path.of(lease.kubeconfig());
        addKubeconfig(kubeconfig);
        EnvironmentDirectory.read(new LeaseFiles(kubeconfig.resolveSibling(".").normalize()).token(lease.worker()))
                .ifPresent(this::add);
    }

    private void addServices(@Nullable Postgres postgres, @Nullable Redis redis) {
        if (postgres != null) {
            add(postgres.password());
            add(postgres.url());
            add(postgres.inCluster().url());
        }
        if (redis != null) {
            add(redis.password());
            add(redis.url());
            add(redis.inCluster().url());
        }
    }

    private void addKubeconfig(Path file) {
        EnvironmentDirectory.read(file)
                .ifPresent(text -> IN_KUBECONFIG.matcher(text).results().forEach(secret -> add(secret.group(1))));
    }

    private void add(String secret) {
        if (!secret.isBlank()) {
            found.add(secret.strip());
        }
    }
}
