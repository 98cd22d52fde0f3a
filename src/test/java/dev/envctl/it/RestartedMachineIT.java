package dev.envctl.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.envctl.process.OwnProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * What a restart of the machine leaves of an environment: files of another boot, a node that has ended, and no primary.
 * Nothing that this machine can do changes its boot id, so the files are given another.
 */
final class RestartedMachineIT {
    private static final String NAME = "res-tart";
    private static final String ANOTHER = "01234567-89ab-cdef-0123-456789abcdef";

    @Test
    void isNamedAndTheEnvironmentIsMadeAnew() throws IOException {
        try (var project = Project.with(NAME, Project.small(NAME))) {
            project.succeeds("up", "-e", NAME);
            var first = project.handOff(NAME).get("id").getAsString();
            endAll(project);
            fromAnotherBoot(project.files(NAME).resolve("primary.json"));
            fromAnotherBoot(project.files(NAME).resolve("journal.jsonl"));

            for (var command : new String[] {"status", "env"}) {
                var asked = project.envctl(command, "-e", NAME);
                assertThat(asked.exitCode()).as(asked.all()).isEqualTo(6);
                assertThat(asked.all()).containsIgnoringCase("the machine has been restarted since ");
            }

            var anew = project.succeeds("up", "-e", NAME);

            assertThat(anew.stderr())
                    .contains("Removing environment %s (id %s)".formatted(NAME, first))
                    .contains("the machine has been restarted since");
            assertThat(project.handOff(NAME).get("id").getAsString()).isNotEqualTo(first);
            Usable.assertUsable(project, NAME);
        }
    }

    private static void endAll(Project project) {
        var primary = project.json(project.files(NAME).resolve("primary.json"));
        assertThat(RunningUp.kill(primary.get("pid").getAsLong())).isTrue();
        for (var node : Leftovers.containers(NAME)) {
            var ran = project.program(Map.of(), "podman", "kill", node);
            assertThat(ran.exitCode()).as(ran.all()).isZero();
        }
    }

    private static void fromAnotherBoot(Path file) throws IOException {
        var text = Files.readString(file);
        assertThat(text).contains(OwnProcess.bootId());
        Files.writeString(file, text.replace(OwnProcess.bootId(), ANOTHER));
    }
}
