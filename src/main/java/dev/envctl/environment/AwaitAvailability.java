package dev.envctl.environment;

import dev.envctl.readiness.Answer;
import dev.envctl.service.ServiceReadiness;
import java.time.Duration;
import java.util.List;

/** Waits until Kubernetes, too, calls the services available: about a second after they answered the first worker. */
final class AwaitAvailability {
    private static final Duration EVERY = Duration.ofMillis(200);

    private final Making making;

    AwaitAvailability(Making making) {
        this.making = making;
    }

    List<ServiceReadiness> run(List<ServiceReadiness> services, PhaseRun run) {
        return making.tools()
                .waits()
                .until("the services' deployments", run.deadline(), EVERY, run::waiting, () -> all(services));
    }

    private static Answer<List<ServiceReadiness>> all(List<ServiceReadiness> services) {
        for (var service : services) {
            var answer = service.answersAndIsAvailable();
            if (answer instanceof Answer.Hopeless<Boolean> hopeless) {
                return Answer.hopeless(hopeless.failure());
            }
            if (answer instanceof Answer.NotYet<Boolean> notYet) {
                return Answer.notYet(notYet.reason());
            }
        }
        return Answer.ready(services);
    }
}
