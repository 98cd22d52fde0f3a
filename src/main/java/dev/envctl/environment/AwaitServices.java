package dev.envctl.environment;

import dev.envctl.kubernetes.KubernetesApi;
import dev.envctl.readiness.Answer;
import dev.envctl.service.ServiceReadiness;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Waits until Postgres and Redis answer the way a worker will ask them. */
final class AwaitServices {
    private static final Duration EVERY = Duration.ofMillis(200);

    private final Making making;
    private final KubernetesApi api;

    AwaitServices(Making making, KubernetesApi api) {
        this.making = making;
        this.api = api;
    }

    List<ServiceReadiness> run(Deployed deployed, PhaseRun run) {
        var services = new ArrayList<ServiceReadiness>();
        deployed.postgres()
                .ifPresent(service ->
                        services.add(ServiceReadiness.postgres(service.admin(deployed.postgresEndpoint()), api)));
        deployed.redis()
                .ifPresent(
                        service -> services.add(ServiceReadiness.redis(service.admin(deployed.redisEndpoint()), api)));
        deployed.redis().ifPresent(service -> {
            for (var i = 0; i < deployed.redisInstances().size(); i++) {
                var address = service.admin(deployed.redisInstances().get(i));
                services.add(ServiceReadiness.redis(i + 1, address, api));
            }
        });
        making.tools().waits().until("the services", run.deadline(), EVERY, run::waiting, () -> all(services));
        return services;
    }

    private static Answer<Boolean> all(List<ServiceReadiness> services) {
        var reasons = new ArrayList<String>();
        for (var service : services) {
            var answer = service.answers();
            if (answer instanceof Answer.Hopeless<Boolean>) {
                return answer;
            }
            if (answer instanceof Answer.NotYet<Boolean> notYet) {
                reasons.add(notYet.reason());
            }
        }
        return reasons.isEmpty() ? Answer.ready(true) : Answer.notYet(String.join("; ", reasons));
    }
}
