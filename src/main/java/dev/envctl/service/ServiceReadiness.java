package dev.envctl.service;

import dev.envctl.EnvctlException;
import dev.envctl.kubernetes.KubernetesApi;
import dev.envctl.kubernetes.ObjectReference;
import dev.envctl.kubernetes.WorkloadReadiness;
import dev.envctl.readiness.Answer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;

/**
 * Whether a service is ready: first for a worker, through the port it will use, then for Kubernetes. While it is not,
 * the reason holds both what the service's client saw and what the pods say. For one waiting thread.
 */
public final class ServiceReadiness {
    /** Pods are asked less often than the service: three requests each time, beside a cluster that is starting. */
    private static final Duration PODS_EVERY = Duration.ofMillis(500);

    private final String title;
    private final Probe probe;
    private final WorkloadReadiness workload;
    private final ObjectReference deployment;
    private final InstantSource clock;

    private Instant podsNext = Instant.MIN;
    private Answer<Map<String, Object>> pods = Answer.notYet("its pods were not asked yet");

    ServiceReadiness(
            String title, Probe probe, WorkloadReadiness workload, ObjectReference deployment, InstantSource clock) {
        this.title = title;
        this.probe = probe;
        this.workload = workload;
        this.deployment = deployment;
        this.clock = clock;
    }

    public static ServiceReadiness postgres(PostgresAddress address, KubernetesApi api) {
        return new ServiceReadiness(
                "Postgres",
                new PostgresProbe(address),
                new WorkloadReadiness(api),
                PostgresService.deployment(),
                InstantSource.system());
    }

    public static ServiceReadiness redis(RedisAddress address, KubernetesApi api) {
        return redis("Redis", address, RedisService.deployment(), api);
    }

    /** The server of one worker. */
    public static ServiceReadiness redis(int worker, RedisAddress address, KubernetesApi api) {
        return redis("Redis of worker " + worker, address, RedisService.deployment(worker), api);
    }

    private static ServiceReadiness redis(
            String title, RedisAddress address, ObjectReference deployment, KubernetesApi api) {
        return new ServiceReadiness(
                title, new RedisProbe(address), new WorkloadReadiness(api), deployment, InstantSource.system());
    }

    /** Ready as soon as it answers a worker. The deployment follows within about a second. */
    public Answer<Boolean> answers() {
        var answer = probe.ask();
        if (!(answer instanceof Answer.NotYet<Boolean> notYet)) {
            return answer;
        }
        askPods();
        if (pods instanceof Answer.Hopeless<Map<String, Object>> hopeless) {
            return Answer.hopeless(named(hopeless.failure(), notYet.reason()));
        }
        var state = pods instanceof Answer.NotYet<Map<String, Object>> waiting
                ? waiting.reason()
                : deployment + " is available";
        return Answer.notYet("%s; %s".formatted(notYet.reason(), state));
    }

    /** Ready when it answers a worker and its deployment is available. */
    public Answer<Boolean> answersAndIsAvailable() {
        var answer = answers();
        if (!(answer instanceof Answer.Ready)) {
            return answer;
        }
        var available = workload.ask(deployment);
        if (available instanceof Answer.Hopeless<Map<String, Object>> hopeless) {
            return Answer.hopeless(named(hopeless.failure(), title + " answers"));
        }
        return available instanceof Answer.NotYet<Map<String, Object>> notYet
                ? Answer.notYet(notYet.reason())
                : Answer.ready(true);
    }

    private void askPods() {
        var now = clock.instant();
        if (now.isBefore(podsNext)) {
            return;
        }
        pods = workload.ask(deployment);
        podsNext = clock.instant().plus(PODS_EVERY);
    }

    private EnvctlException named(EnvctlException failure, String seen) {
        var details = new java.util.ArrayList<String>();
        details.add("last question: " + seen);
        details.addAll(failure.details());
        return new EnvctlException(
                failure.kind(), "%s: %s".formatted(title, failure.problem()), failure.remedy(), details, failure);
    }
}
