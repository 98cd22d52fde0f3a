package dev.envctl.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MirrorsTest {
    private static final Repository POSTGRES = Repository.parse("postgres");

    @Test
    void withoutASettingOnlyTheRegistryIsAsked() {
        assertThat(sources("")).containsExactly("docker.io/library/postgres");
    }

    @ParameterizedTest
    @CsvSource({
        "mirror.example, mirror.example/library/postgres",
        "mirror.example:5000/hub, mirror.example:5000/hub/library/postgres",
        "docker.io=localhost/hub/, localhost/hub/library/postgres",
        "index.docker.io=[::1]:5000, [::1]:5000/library/postgres"
    })
    void aMirrorComesFirstWithItsPathBeforeTheRepositorys(String setting, String first) {
        assertThat(sources(setting)).containsExactly(first, "docker.io/library/postgres");
    }

    @Test
    void aMirrorOfAnotherRegistryIsNotAsked() {
        assertThat(sources("ghcr.io=mirror.example")).containsExactly("docker.io/library/postgres");
    }

    @Test
    void severalAreAskedInTheirOrder() {
        assertThat(sources("b.example, a.example"))
                .containsExactly(
                        "b.example/library/postgres", "a.example/library/postgres", "docker.io/library/postgres");
    }

    @Test
    void thoseOfTheCommandLineComeFirst() {
        var variables = new HashMap<>(Map.of(Mirrors.VARIABLE, "b.example"));
        Images.askFirst(List.of("a.example"), variables);

        assertThat(sources(variables.getOrDefault(Mirrors.VARIABLE, "")))
                .startsWith("a.example/library/postgres", "b.example/library/postgres");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://mirror.example",
                "mirror",
                "docker.io=",
                "=mirror.example",
                "docker=mirror.example",
                "a.example/UP"
            })
    void whatIsNoMirrorIsRefusedByName(String setting) {
        var failure = catchThrowableOfType(EnvctlException.class, () -> sources(setting));

        assertThat(failure.kind()).isEqualTo(FailureKind.USAGE);
        assertThat(failure.problem()).contains("`" + setting + "` is no mirror");
        assertThat(failure.remedy()).contains("--mirror HOST", Mirrors.VARIABLE);
    }

    private static List<String> sources(String setting) {
        return new Mirrors(Map.of(Mirrors.VARIABLE, setting))
                .sources(POSTGRES).stream().map(Repository::toString).toList();
    }
}
