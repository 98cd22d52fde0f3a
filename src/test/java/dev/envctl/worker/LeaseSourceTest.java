package dev.envctl.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeaseSourceTest {
    private final Map<String, String> properties = new HashMap<>();
    private final Map<String, String> variables = new HashMap<>();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path project;

    @BeforeEach
    void layOut() throws IOException {
        for (var environment : new String[] {"e2e", "other"}) {
            for (var number = 1; number <= 3; number++) {
                var file = directory(environment).resolve("workers").resolve(number + ".env");
                Files.createDirectories(file.getParent());
                Files.writeString(
                        file,
                        LeaseTest.FILE
                                .replace("ENVCTL_WORKER=3", "ENVCTL_WORKER=" + number)
                                .replace("ENVCTL_NAMESPACE=worker-3", "ENVCTL_NAMESPACE=" + environment));
            }
        }
        Files.createDirectories(project.resolve("module/sub"));
    }

    private Path directory(String environment) {
        return project.resolve(".envctl").resolve(environment);
    }

    private LeaseSource source() {
        return new LeaseSource(
                name -> Optional.ofNullable(properties.get(name)), variables, project.resolve("module/sub"));
    }

    @Test
    void findsTheFirstLeaseOfTheProjectAbove() {
        assertThat(source().lease().worker()).isEqualTo(1);
        assertThat(source().lease().namespace()).isEqualTo("e2e");
    }

    @Test
    void takesTheForksNumber() {
        properties.put("surefire.forkNumber", "2");

        assertThat(source().lease().worker()).isEqualTo(2);
    }

    @Test
    void takesTheNamedEnvironment() {
        variables.put("ENVCTL_ENVIRONMENT", "other");

        assertThat(source().lease().namespace()).isEqualTo("other");
    }

    @Test
    void prefersAnEnvironmentOnlyWhereNobodyNamesOne() {
        assertThat(source().preferring("other").lease().namespace()).isEqualTo("other");
        variables.put("ENVCTL_ENVIRONMENT", "e2e");
        assertThat(source().preferring("other").lease().namespace()).isEqualTo("e2e");
    }

    @Test
    void takesTheFolderThatRunTellsAndTheWorkersNumber() {
        variables.put("ENVCTL_DIRECTORY", directory("other").toString());
        variables.put("ENVCTL_WORKER", "3");

        assertThat(source().lease().worker()).isEqualTo(3);
        assertThat(source().lease().namespace()).isEqualTo("other");
    }

    @Test
    void takesTheVariablesOfALease() {
        variables.putAll(VariablesFile.parse(LeaseTest.FILE));
        variables.put("ENVCTL_DIRECTORY", directory("other").toString());

        assertThat(source().lease().namespace()).isEqualTo("worker-3");
    }

    @Test
    void takesTheNamedFileBeforeAllElse() {
        variables.putAll(VariablesFile.parse(LeaseTest.FILE));
        properties.put(
                "envctl.lease", directory("other").resolve("workers/2.env").toString());

        assertThat(source().lease().worker()).isEqualTo(2);
    }

    @Test
    void takesAPropertyThatMavenHasNotReplacedForNone() {
        properties.put("envctl.lease", "${envctl.directory}/workers/1.env");

        assertThat(source().lease().namespace()).isEqualTo("e2e");
    }

    @Test
    void neverTakesAnotherThanTheNamedOne() {
        properties.put(
                "envctl.lease", directory("other").resolve("workers/9.env").toString());

        assertThatThrownBy(() -> source().lease()).hasMessageContaining("workers/9.env");
    }

    @Test
    void saysWhatItLookedForAndTheCommand() {
        variables.put("ENVCTL_ENVIRONMENT", "absent");

        assertThatThrownBy(() -> source().lease())
                .isInstanceOf(LeaseException.class)
                .hasMessageContainingAll(
                        "the file in the property envctl.lease: not set",
                        "ENVCTL_TOKEN",
                        ".envctl/absent/workers/1.env in " + project.resolve("module/sub") + " and above it: not there",
                        "`envctl up -e absent`");
        assertThat(source().find()).isEmpty();
    }
}
