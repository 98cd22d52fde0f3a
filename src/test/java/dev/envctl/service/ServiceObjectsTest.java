package dev.envctl.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.envctl.spec.PostgresSpec;
import dev.envctl.spec.RedisSpec;
import dev.envctl.spec.Resources;
import dev.envctl.spec.Storage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.Yaml;

class ServiceObjectsTest {
    private static final ServiceImage IMAGE =
            new ServiceImage("localhost/envctl/postgres@sha256:1234", ServiceImage.PullPolicy.NEVER);
    private static final ServiceCredentials CREDENTIALS = new ServiceCredentials("admin-pw", "app-pw", "redis-pw");
    private static final Map<String, String> LABELS = Map.of("dev.envctl.id", "x1");

    private static PostgresSpec postgres(String database, Storage storage, Map<String, String> settings) {
        return new PostgresSpec(
                "postgres", database, 200, storage, List.of(), settings, new Resources("512Mi"), OptionalInt.empty());
    }

    private static String name(Map<String, Object> object) {
        return object.get("metadata") instanceof Map<?, ?> metadata ? String.valueOf(metadata.get("name")) : "";
    }

    private static String yaml(List<Map<String, Object>> objects) {
        var options = new DumperOptions();
        options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
        options.setSplitLines(false);
        options.setDereferenceAliases(true);
        return new Yaml(options).dumpAll(objects.iterator());
    }

    private static String expected(String name) throws IOException {
        try (var stream = ServiceObjectsTest.class.getResourceAsStream(name)) {
            return stream == null ? "" : new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void rendersPostgresExactly() throws IOException {
        var service = new PostgresService(postgres("app", Storage.MEMORY, Map.of("work_mem", "8MB")), CREDENTIALS);

        assertThat(yaml(service.objects(IMAGE, LABELS))).isEqualTo(expected("postgres-in-memory.yaml"));
    }

    @Test
    void rendersRedisExactly() throws IOException {
        var spec = new RedisSpec(
                "redis", 65, RedisSpec.Isolation.INDEX, Storage.DISK, new Resources("128Mi"), OptionalInt.empty());
        var service = new RedisService(spec, CREDENTIALS);

        assertThat(yaml(service.objects(IMAGE, 0, LABELS))).isEqualTo(expected("redis-on-disk.yaml"));
    }

    @Test
    void givesEachWorkerARedisServerWithALimitOfItsOwn() {
        var spec = new RedisSpec(
                "redis", 64, RedisSpec.Isolation.INSTANCE, Storage.MEMORY, new Resources("64Mi"), OptionalInt.empty());

        var objects = new RedisService(spec, CREDENTIALS).objects(IMAGE, 2, LABELS);

        assertThat(objects)
                .extracting(object -> object.get("kind") + " " + name(object))
                .containsExactly(
                        "Secret redis",
                        "Service redis",
                        "Deployment redis",
                        "Secret redis-1",
                        "Service redis-1",
                        "Deployment redis-1",
                        "Secret redis-2",
                        "Service redis-2",
                        "Deployment redis-2");
        assertThat(yaml(objects.subList(6, 9)))
                .contains("nodePort: 32202", "memory: 64Mi", "secretName: redis-2", "dev.envctl.service: redis-2");
    }

    @Test
    void keepsDataSafeWhenItLivesOnDisk() {
        var service = new PostgresService(postgres("app", Storage.DISK, Map.of()), CREDENTIALS);

        assertThat(yaml(service.objects(IMAGE, LABELS)))
                .doesNotContain("fsync=off")
                .contains("name: data\n        emptyDir: {}");
    }

    @Test
    void putsNoPasswordOutsideTheSecret() {
        var service = new PostgresService(postgres("app", Storage.MEMORY, Map.of()), CREDENTIALS);

        assertThat(yaml(service.objects(IMAGE, LABELS)))
                .doesNotContain("admin-pw")
                .doesNotContain("app-pw");
    }

    @Test
    void refusesADatabaseNameThatIsTaken() {
        for (var name : List.of("worker_2", "envctl_spare_1")) {
            assertThatThrownBy(() -> new PostgresService(postgres(name, Storage.MEMORY, Map.of()), CREDENTIALS))
                    .hasMessageContaining(name);
        }
    }

    @Test
    void refusesAnImageNamedByATag() {
        assertThatThrownBy(() -> new ServiceImage("postgres:17", ServiceImage.PullPolicy.NEVER))
                .hasMessageContaining("digest");
    }
}
