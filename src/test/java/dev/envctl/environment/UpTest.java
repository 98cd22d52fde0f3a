package dev.envctl.environment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.envctl.spec.EnvironmentFiles;
import dev.envctl.spec.Overrides;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class UpTest {
    private final List<Up.PlannedPhase> plan =
            Up.plan(EnvironmentFiles.around(Path.of("")).load("e2e", Overrides.none()));

    @Test
    void phasesComeAfterThoseTheyNeed() {
        assertThat(plan.stream().map(phase -> phase.name() + " <- " + String.join(", ", phase.after())))
                .containsExactly(
                        "check prerequisites <- ",
                        "warm clients <- ",
                        "reserve ports <- check prerequisites",
                        "pull images <- check prerequisites",
                        "create cluster <- pull images, reserve ports",
                        "deliver images <- pull images, reserve ports",
                        "await API server <- pull images, reserve ports, warm clients",
                        "deploy services <- await API server, deliver images",
                        "await services <- deploy services",
                        "make namespaces <- deploy services",
                        "await availability <- await services",
                        "issue leases <- await services, make namespaces",
                        "await cluster <- create cluster, await API server",
                        "apply manifests <- await cluster, await availability",
                        "hand off <- issue leases, apply manifests");
    }

    @Test
    void theHandOffComesAfterEverything() {
        var before = plan.stream().collect(Collectors.toMap(Up.PlannedPhase::name, Up.PlannedPhase::after));
        var reached = new ArrayList<>(List.of("hand off"));
        for (var next = 0; next < reached.size(); next++) {
            before.getOrDefault(reached.get(next), List.of()).stream()
                    .filter(name -> !reached.contains(name))
                    .forEach(reached::add);
        }

        assertThat(reached).containsExactlyInAnyOrderElementsOf(before.keySet());
    }

    @Test
    void everyPhaseHasALimit() {
        assertThat(plan).allSatisfy(phase -> assertThat(phase.limit()).isPositive());
    }
}
