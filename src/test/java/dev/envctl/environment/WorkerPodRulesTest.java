package dev.envctl.environment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class WorkerPodRulesTest {
    private static final Map<String, String> LABELS =
            Map.of("dev.envctl.environment", "e2e", "dev.envctl.id", "x1", "dev.envctl.epoch", "1");

    @Test
    void holdAlsoForNamespacesThatALaterPrimaryMakes() {
        var binding = WorkerPodRules.objects(LABELS, "x1").get(1);

        assertThat(binding)
                .extracting("spec.matchResources.namespaceSelector.matchLabels")
                .isEqualTo(Map.of("dev.envctl.id", "x1"));
    }
}
