package dev.envctl.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RepositoryTest {
    @ParameterizedTest
    @CsvSource({
        "postgres, docker.io/library/postgres",
        "kindest/node, docker.io/kindest/node",
        "docker.io/redis, docker.io/library/redis",
        "index.docker.io/library/redis, docker.io/library/redis",
        "quay.io/a/b, quay.io/a/b",
        "localhost/envctl/node, localhost/envctl/node",
        "registry:5000/a, registry:5000/a",
    })
    void readsWhatPeopleWrite(String written, String qualified) {
        assertThat(Repository.parse(written)).hasToString(qualified);
    }

    @ParameterizedTest
    @CsvSource({
        "docker.io/library/redis, https://registry-1.docker.io",
        "quay.io/a/b, https://quay.io",
        "registry.test:5000/a, https://registry.test:5000",
        "localhost:5000/a, http://localhost:5000",
        "127.0.0.1:5000/a, http://127.0.0.1:5000",
        "[::1]:5000/a, http://[::1]:5000",
        "127.0.0.1.evil.test/a, https://127.0.0.1.evil.test",
    })
    void speaksPlainHttpOnlyOnThisMachine(String repository, String api) {
        assertThat(Repository.parse(repository).api()).hasToString(api);
    }

    @Test
    void refusesWhatIsNoRepository() {
        assertThatThrownBy(() -> Repository.parse("docker.io/Library/Postgres"))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
