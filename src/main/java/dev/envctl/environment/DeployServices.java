package dev.envctl.environment;

import dev.envctl.environment.PullImages.Images;
import dev.envctl.environment.ReservePorts.Reserved;
import dev.envctl.image.ImageArchive;
import dev.envctl.kubernetes.KubernetesApi;
import dev.envctl.service.PostgresService;
import dev.envctl.service.RedisService;
import dev.envctl.service.ServiceCredentials;
import dev.envctl.service.ServiceEndpoint;
import dev.envctl.service.ServiceImage;
import dev.envctl.service.Services;
import dev.envctl.spec.WorkersSpec.Access;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Applies Postgres, Redis, and what holds for the pods of all workers. */
final class DeployServices {
    private final Making making;
    private final KubernetesApi api;

    DeployServices(Making making, KubernetesApi api) {
        this.making = making;
        this.api = api;
    }

    Deployed run(Images images, Reserved ports, PhaseRun run) {
        var spec = making.spec();
        var credentials = ServiceCredentials.random(making.tools().random());
        var postgres = spec.postgres().map(service -> new PostgresService(service, credentials));
        var redis = spec.redis().map(service -> new RedisService(service, credentials));
        var labels = making.labels();
        var objects = new ArrayList<>(Services.foundation(labels));
        spec.postgres()
                .ifPresent(service -> postgres.ifPresent(
                        found -> objects.addAll(found.objects(image(images.named(service.image())), labels))));
        spec.redis()
                .ifPresent(service -> redis.ifPresent(found -> objects.addAll(found.objects(
                        image(images.named(service.image())), service.instances(spec.workers()), labels))));
        if (spec.workers().access() == Access.NAMESPACE) {
            objects.addAll(WorkerPodRules.objects(labels, making.identity().id()));
        }
        making.journal().around("deploy services", Map.of(), () -> apply(objects, run));
        return new Deployed(
                postgres,
                ServiceEndpoint.onLoopback(ports.postgres()),
                redis,
                ServiceEndpoint.onLoopback(ports.redis()),
                ports.redisInstances().stream().map(ServiceEndpoint::onLoopback).toList());
    }

    private void apply(List<Map<String, Object>> objects, PhaseRun run) {
        objects.forEach(object -> api.apply(object, run.deadline()));
    }

    /** The image has been delivered: a pod that would pull it is a defect that must show. */
    private static ServiceImage image(ImageArchive archive) {
        return new ServiceImage(archive.reference(), ServiceImage.PullPolicy.NEVER);
    }
}
