package dev.envctl;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CacheDirectoryTest {
    private static final Path HOME = Path.of("/home/ada");

    @Test
    void prefersItsOwnVariable() {
        var environment = Map.of("ENVCTL_CACHE", "/data/images", "XDG_CACHE_HOME", "/var/cache/ada");

        assertThat(CacheDirectory.of(environment, HOME).path()).isEqualTo(Path.of("/data/images"));
    }

    @Test
    void liesInTheUsersSharedCache() {
        var environment = Map.of("ENVCTL_CACHE", "", "XDG_CACHE_HOME", "/var/cache/ada");

        assertThat(CacheDirectory.of(environment, HOME).path()).isEqualTo(Path.of("/var/cache/ada/envctl"));
    }

    @Test
    void ignoresARelativeSharedCacheAsItsSpecificationSays() {
        assertThat(CacheDirectory.of(Map.of("XDG_CACHE_HOME", "cache"), HOME).bin())
                .isEqualTo(Path.of("/home/ada/.cache/envctl/bin"));
    }
}
