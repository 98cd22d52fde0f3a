package dev.envctl.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.envctl.runner.RunnerCommand;
import dev.envctl.runner.RunnerFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The commands of {@code envctl images}, as a CI job uses them, with a real registry. */
@Timeout(120)
final class ImagesIT {
    @TempDir
    private Path temporary;

    private RegistryProcess registry;
    private Project project;

    @BeforeEach
    void lockAnImage() throws IOException, InterruptedException {
        registry = new RegistryProcess(temporary, "team/app");
        project = Project.with("img-commands", Project.small("img-commands"))
                .variable("ENVCTL_CACHE", OwnCache.in(temporary).toString())
                .variable("CI", "")
                .file("images.lock", "images: []\n");
        project.succeeds("images", "lock", "app=" + registry.host() + "/team/app:1");
    }

    @AfterEach
    void stop() {
        project.close();
        registry.close();
    }

    @Test
    void warmsOnceAndThenHasNothingToDo() {
        var first = warm();
        assertThat(first.get("bytes").getAsLong()).isEqualTo(RegistryProcess.LAYER.length());
        var image = first.getAsJsonArray("images").get(0).getAsJsonObject();
        assertThat(image.get("reference").getAsString()).isEqualTo(registry.host() + "/team/app@" + registry.digest());
        assertThat(image.getAsJsonArray("from").get(0).getAsString()).isEqualTo(registry.host());
        assertThat(Path.of(image.get("archive").getAsString())).isRegularFile();

        var second = project.succeeds("images", "warm");
        assertThat(second.took()).isLessThan(Duration.ofSeconds(15));
        assertThat(second.stdout()).contains("app", "@" + registry.digest(), "0.0 MB", "cache");
    }

    @Test
    void tellsAStepOfGitHubActionsWhatToKeepAndWhatFailed() throws IOException {
        var step = new RunnerFiles(temporary);
        step.variables().forEach(project::variable);
        project.variable("CI", "");

        project.succeeds("images", "warm", "-o", "github");

        var hash = project.succeeds("images", "lock", "--hash").stdout().strip();
        assertThat(step.outputs()).containsEntry("hash", hash).containsKeys("bytes", "stand-ins");
        assertThat(step.outputs().get("path")).endsWith("/cache/archives");
        assertThat(step.summary()).contains("| app | `" + registry.host() + "/team/app@" + registry.digest() + "`");
        assertThat(step.environment()).isEmpty();

        lockAnotherDigest();
        var failed = project.envctl("images", "warm", "-o", "github");
        assertThat(failed.exitCode()).as(failed.all()).isEqualTo(5);
        assertThat(failed.stdout()).contains("\n::error title=envctl images warm::", "HTTP 404", "%0A");
        assertThat(RunnerCommand.in(failed.stdout()))
                .extracting(RunnerCommand::name)
                .containsExactly("group", "endgroup", "error");
    }

    @Test
    void savesAndLoadsWithoutTheRegistry() throws IOException {
        project.succeeds("images", "warm");
        var saved = temporary.resolve("saved.tar").toString();
        project.succeeds("images", "save", saved, "app");
        registry.close();
        var other = Files.createDirectory(temporary.resolve("other"));
        project.variable("ENVCTL_CACHE", OwnCache.in(other).toString());

        FailureReport.of(project.envctl("images", "warm"), 3).problem("No registry answers for app");
        FailureReport.of(project.variable("ENVCTL_OFFLINE", "1").envctl("images", "warm"), 3)
                .problem("Offline, and not on this machine: app.")
                .remedy("envctl images load images.tar");
        project.succeeds("images", "load", saved);

        assertThat(project.succeeds("images", "warm").stdout()).contains("cache");
        assertThat(project.succeeds("images", "verify").stdout()).contains("app", "ok");
    }

    @Test
    void changesNoLockFileInCi() throws IOException {
        var file = project.folder().resolve("images.lock");
        var before = Files.readString(file);
        var hash = project.succeeds("images", "lock", "--hash").stdout();
        project.variable("CI", "true");

        FailureReport.of(project.envctl("images", "lock"), 2)
                .problem("images.lock is not changed here: CI is `true`")
                .remedy("--check");
        project.succeeds("images", "lock", "--check");
        Files.writeString(file, "# another comment\n" + before);
        assertThat(project.succeeds("images", "lock", "--hash").stdout()).isEqualTo(hash);

        lockAnotherDigest();
        assertThat(project.succeeds("images", "lock", "--hash").stdout()).isNotEqualTo(hash);
        assertThat(project.envctl("images", "lock", "--check").exitCode()).isEqualTo(5);
        project.succeeds("images", "lock", "--no-locked", "--update", "app");
        assertThat(file).hasContent(before);
    }

    private JsonObject warm() {
        return JsonParser.parseString(
                        project.succeeds("images", "warm", "-o", "json").stdout())
                .getAsJsonObject();
    }

    private void lockAnotherDigest() throws IOException {
        var file = project.folder().resolve("images.lock");
        var other = RegistryProcess.digest("nobody has this");
        Files.writeString(file, Files.readString(file).replace(registry.digest(), other));
    }
}
