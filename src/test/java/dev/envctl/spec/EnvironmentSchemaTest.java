package dev.envctl.spec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.harrel.jsonschema.ValidatorFactory;
import dev.harrel.jsonschema.providers.SnakeYamlNode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EnvironmentSchemaTest {
    private final Schema schema = new Schema("dev/envctl/schema/environment.schema.json");

    @Test
    void isValidDraft07() {
        var metaSchema = java.net.URI.create("http://json-schema.org/draft-07/schema");
        var result = new ValidatorFactory()
                .withJsonNodeFactory(new SnakeYamlNode.Factory())
                .createValidator()
                .validate(metaSchema, EnvironmentFiles.schema());
        assertThat(result.getErrors()).isEmpty();
    }

    @Test
    void givesEveryScalarItsVariable() {
        assertThat(schema.scalars())
                .extracting(key -> Overrides.variable(key.path()))
                .contains(
                        "ENVCTL_CLUSTER_ENGINE",
                        "ENVCTL_CLUSTER_WORKER_NODES",
                        "ENVCTL_SERVICES_POSTGRES_MAX_CONNECTIONS",
                        "ENVCTL_SERVICES_POSTGRES_RESOURCES_MEMORY",
                        "ENVCTL_SERVICES_REDIS_PORT",
                        "ENVCTL_WORKERS_COUNT",
                        "ENVCTL_PORTS_FROM",
                        "ENVCTL_TIMEOUTS_SERVICES")
                .doesNotContain(
                        "ENVCTL_WORKER",
                        "ENVCTL_TEST_ID",
                        "ENVCTL_LEASE",
                        "ENVCTL_API",
                        "ENVCTL_TOKEN",
                        "ENVCTL_NODE_PORTS",
                        "ENVCTL_CLIENT_NAME",
                        "ENVCTL_NAMESPACE",
                        "ENVCTL_PORTS",
                        "ENVCTL_CACHE",
                        "ENVCTL_ENVIRONMENT",
                        "ENVCTL_KIND")
                .doesNotHaveDuplicates();
    }

    @Test
    void givesEveryScalarADefaultUnlessItMayStayOpen() {
        assertThat(schema.scalars())
                .filteredOn(key -> key.defaultValue().isEmpty())
                .extracting(Schema.Key::path)
                .containsExactly("metadata.name", "services.postgres.port", "services.redis.port", "workers.onDemand");
    }

    @Test
    void tellsEditorsWhatEveryKeyIsAbout() {
        assertThat(withoutExplanation("", schema.at("#"), new ArrayList<>())).isEmpty();
    }

    private List<String> withoutExplanation(String path, YamlValue declared, List<String> found) {
        var resolved = declared.get("$ref")
                .map(reference -> schema.at(reference.text()))
                .orElse(declared);
        if (declared.get("title").or(() -> resolved.get("title")).isEmpty()) {
            found.add(path);
        }
        resolved.get("properties")
                .map(YamlValue::entries)
                .orElse(List.of())
                .forEach(property -> withoutExplanation(path + "." + property.key(), property, found));
        return found;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"90s", "1m30s", "2h", "PT90S", "PT1H", "0s", "0h0m", "", "PT", "1s1m", "-5s", "1.5s", "5 m", "90"
            })
    void agreesWithDurations(String text) {
        var pattern = schema.at("#/definitions/duration/pattern").text();
        assertThat(text.matches(pattern)).isEqualTo(isDuration(text));
    }

    private static boolean isDuration(String text) {
        try {
            return !Durations.parse(text).isZero();
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    @Test
    void givesManifestsTheNamespaceThatTheSchemaPromises() {
        var promised = schema.at("#/properties/manifests/items/properties/namespace/default");
        assertThat(promised.text()).isEqualTo(ManifestSpec.DEFAULT_NAMESPACE);
    }
}
