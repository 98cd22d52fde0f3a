package dev.envctl.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FingerprintTest {
    private static final String DIGEST = "sha256:" + "ab".repeat(32);

    private Project project = new Project(Path.of(""));

    @BeforeEach
    void makeProject(@TempDir Path directory) {
        project = new Project(directory)
                .with("environments/sql/schema.sql", "create table a();")
                .with("environments/crd.yaml", "kind: Widget");
    }

    private Fingerprint of(String lines) {
        return Fingerprint.of(project.environment(Project.HEAD + lines).load(), Map.of("images.postgres", DIGEST));
    }

    @Test
    void isTheSameForTheSameEnvironment() {
        var one = of("services: {postgres: {}}\nworkers: {count: 4}\n");
        var other = of("workers: {}\nservices: {postgres: {storage: memory}}\n");

        assertThat(other.differences(one.entries())).isEmpty();
        assertThat(other.digest()).isEqualTo(one.digest()).hasSize(64);
    }

    @Test
    void doesNotLookAtTimeouts() {
        assertThat(of("timeouts: {total: 1h}\n").digest()).isEqualTo(of("").digest());
    }

    @Test
    void looksOnlyAtTheImagesOfSuites() {
        var running = of("suites: [{name: api, image: tests, command: [a], timeout: 1m}]\n");
        var here = of("suites: [{name: api, image: tests, command: [b], exclusive: true, reports: /r}]\n");

        assertThat(here.differences(running.entries())).isEmpty();
    }

    @Test
    void missesAnImageButNotOneTooMany() {
        var one = new Fingerprint(Map.of("images.a", DIGEST));
        var two = new Fingerprint(Map.of("images.a", DIGEST, "images.b", DIGEST));

        assertThat(two.differences(one.entries())).hasSize(1).first().asString().startsWith("images.b: ");
        assertThat(one.differences(two.entries())).isEmpty();
    }

    @Test
    void saysWhatDiffers() {
        var running = of("services: {postgres: {maxConnections: 100}, redis: {}}\nworkers: {access: namespace}\n");
        var here = of(
                "services: {postgres: {maxConnections: 200, settings: {jit: off}}}\nworkers: {access: cluster-admin}\n");

        assertThat(here.differences(running.entries()))
                .containsExactly(
                        "services.postgres.maxConnections: 200 here, 100 in the running environment",
                        "services.postgres.settings.jit: off here, absent in the running environment",
                        "services.redis: absent here, present in the running environment",
                        "workers.access: cluster-admin here, namespace in the running environment");
        assertThat(here.digest()).isNotEqualTo(running.digest());
    }

    @Test
    void seesChangedFilesAndImages() {
        var lines = "services: {postgres: {init: [sql]}}\nmanifests: [crd.yaml]\n";
        var running = of(lines);
        project.with("environments/sql/schema.sql", "create table b();").with("environments/crd.yaml", "kind: Gadget");
        var here = Fingerprint.of(project.load(), Map.of("images.postgres", "sha256:" + "cd".repeat(32)));

        assertThat(here.differences(running.entries()))
                .containsExactly(
                        "content of crd.yaml has changed since the running environment was created",
                        "content of sql/schema.sql has changed since the running environment was created",
                        "images.postgres: sha256:cdcdcdcdcdcd here, sha256:abababababab in the running environment");
    }

    @Test
    void holdsEverySettingButTimeouts() {
        var schema = new Schema("dev/envctl/schema/environment.schema.json");
        var fingerprint = of("services: {postgres: {port: 15001}, redis: {port: 15002}}\nworkers: {onDemand: 1}\n");

        assertThat(schema.scalars())
                .extracting(Schema.Key::path)
                .filteredOn(path -> !path.startsWith("timeouts.") && !path.equals("metadata.name"))
                .allSatisfy(path -> assertThat(fingerprint.entries()).containsKey(path));
    }
}
