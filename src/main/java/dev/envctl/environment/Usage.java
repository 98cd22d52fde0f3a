package dev.envctl.environment;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.kubernetes.Kubeconfig;
import dev.envctl.kubernetes.NodeUsage;
import dev.envctl.machine.HostMemory;
import dev.envctl.readiness.Deadline;
import dev.envctl.service.PostgresAddress;
import dev.envctl.service.PostgresUsage;
import dev.envctl.service.RedisAddress;
import dev.envctl.service.RedisUsage;
import dev.envctl.service.ServiceEndpoint;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * What an environment uses of what it has, asked at this moment.
 *
 * @param postgres empty where there is none
 * @param redis empty where there is none
 */
public record Usage(
        Optional<Part<PostgresUsage>> postgres,
        Optional<Part<RedisUsage>> redis,
        Part<List<NodeUsage>> nodes,
        Optional<HostMemory> host) {
    /** For all questions together, which are asked at the same time. */
    private static final Duration LIMIT = Duration.ofMillis(2500);

    private static final Duration CALL = Duration.ofSeconds(2);
    private static final String INSTANCES = "each worker has a server of its own";

    /**
     * What was answered.
     *
     * @param value empty where there was no answer
     * @param unknown why there was none
     */
    public record Part<T>(Optional<T> value, String unknown) {}

    /** Returns within three seconds; a question that is not answered in time costs its own answer only. */
    public static Usage ask(HandOff handOff, EnvironmentDirectory directory, Tools tools) {
        var threads = Executors.newCachedThreadPool(task -> {
            var thread = new Thread(task, "usage");
            thread.setDaemon(true);
            return thread;
        });
        try {
            var until = Deadline.in(LIMIT);
            var services = handOff.services();
            var postgres = Optional.ofNullable(services.postgres())
                    .map(service -> threads.submit(() -> PostgresUsage.ask(address(service), CALL)));
            var redis = Optional.ofNullable(services.redis())
                    .map(service -> threads.submit(() -> RedisUsage.ask(address(service), CALL)));
            Callable<List<NodeUsage>> kubelets = () -> nodes(handOff, directory, tools);
            var nodes = threads.submit(kubelets);
            return new Usage(
                    postgres.map(asked -> part(asked, until)),
                    redis.map(asked ->
                            hasInstances(handOff) ? new Part<>(Optional.empty(), INSTANCES) : part(asked, until)),
                    part(nodes, until),
                    HostMemory.of(tools.machine()));
        } finally {
            threads.shutdownNow();
        }
    }

    /** Whether workers have servers of their own; the shared one, which is asked, says nothing of them. */
    static boolean hasInstances(HandOff handOff) {
        var shared = handOff.services().redis();
        return shared != null
                && handOff.workers().stream()
                        .flatMap(worker -> WorkerLease.read(Path.of(worker.file())).stream())
                        .anyMatch(
                                lease -> lease.redis() != null && lease.redis().port() != shared.port());
    }

    private static List<NodeUsage> nodes(HandOff handOff, EnvironmentDirectory directory, Tools tools) {
        var kubeconfig = EnvironmentDirectory.read(directory.kubeconfig())
                .orElseThrow(() -> new EnvctlException(FailureKind.FAILED, "The kubeconfig is gone.", ""));
        var deadline = Deadline.in(CALL);
        try (var api = tools.kubernetes().apply(Kubeconfig.parse(kubeconfig))) {
            return handOff.cluster().nodes().stream()
                    .map(node -> api.usage(node, deadline))
                    .toList();
        }
    }

    private static PostgresAddress address(HandOff.Postgres postgres) {
        return new PostgresAddress(
                new ServiceEndpoint(postgres.host(), postgres.port()),
                postgres.user(),
                postgres.password(),
                postgres.database());
    }

    private static RedisAddress address(HandOff.Redis redis) {
        return new RedisAddress(new ServiceEndpoint(redis.host(), redis.port()), redis.user(), redis.password(), 0);
    }

    private static <T> Part<T> part(Future<T> asked, Deadline until) {
        try {
            return new Part<>(Optional.of(asked.get(until.remaining().toMillis(), TimeUnit.MILLISECONDS)), "");
        } catch (ExecutionException e) {
            var cause = e.getCause();
            return new Part<>(
                    Optional.empty(),
                    cause instanceof EnvctlException failure ? failure.problem() : String.valueOf(cause));
        } catch (java.util.concurrent.TimeoutException | CancellationException e) {
            asked.cancel(true);
            return new Part<>(Optional.empty(), "no answer within %.1f s".formatted(LIMIT.toMillis() / 1000.0));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Part<>(Optional.empty(), "interrupted");
        }
    }
}
