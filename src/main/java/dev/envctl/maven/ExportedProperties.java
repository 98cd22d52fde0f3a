package dev.envctl.maven;

import dev.envctl.environment.EnvironmentDirectory;
import dev.envctl.environment.HandOff;
import java.util.LinkedHashMap;
import java.util.Map;

/** What {@code up} tells the rest of a build; the README has the same table. */
final class ExportedProperties {
    private ExportedProperties() {}

    static Map<String, String> of(HandOff handOff, EnvironmentDirectory directory) {
        var properties = new LinkedHashMap<String, String>();
        properties.put("envctl.environment", handOff.name());
        properties.put("envctl.directory", directory.path().toString());
        properties.put("envctl.kubeconfig", handOff.cluster().kubeconfig());
        properties.put("envctl.workers", Integer.toString(handOff.workers().size()));
        var postgres = handOff.services().postgres();
        if (postgres != null) {
            properties.put("envctl.postgres.url", postgres.url());
            properties.put(
                    "envctl.postgres.jdbcUrl",
                    "jdbc:postgresql://%s:%d/%s".formatted(postgres.host(), postgres.port(), postgres.database()));
            properties.put("envctl.postgres.host", postgres.host());
            properties.put("envctl.postgres.port", Integer.toString(postgres.port()));
            properties.put("envctl.postgres.user", postgres.user());
            properties.put("envctl.postgres.password", postgres.password());
            properties.put("envctl.postgres.database", postgres.database());
        }
        var redis = handOff.services().redis();
        if (redis != null) {
            properties.put("envctl.redis.url", redis.url());
            properties.put("envctl.redis.host", redis.host());
            properties.put("envctl.redis.port", Integer.toString(redis.port()));
        }
        return properties;
    }
}
