package dev.envctl.it;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class HappyPathIT {
    @Test
    void comesUpAndGoesAway() {
        try (var project = Project.with("happy", Project.small("happy"))) {
            project.succeeds("up", "-e", "happy");
            assertThat(project.handOff("happy").get("state").getAsString()).isEqualTo("ready");
            project.succeeds("down", "-e", "happy");
            project.assertNothingLeft();
        }
    }
}
