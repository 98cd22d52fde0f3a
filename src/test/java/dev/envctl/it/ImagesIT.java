package dev.envctl.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
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
        assertThat(second.took()).isLessThan(Duration.ofSeconds(3));
        assertThat(second.stdout()).contains("app", "@" + registry.digest(), "0.0 MB", "cache");
    }

    @Test
    void tellsAStepOfGitHubActionsWhatToKeepAndWhatFailed() throws IOException {
        var outputs = temporary.resolve("outputs");
        var summary = temporary.resolve("summary");
        project.variable("GITHUB_OUTPUT", outputs.toString()).variable("GITHUB_STEP_SUMMARY", summary.toString());

        project.succeeds("images", "warm", "-o", "github");

        var hash = project.succeeds("images", "lock", "--hash").stdout().strip();
        assertThat(outputs).content().contains("hash<<end-", "\n" + hash + "\n", "path<<end-", "/cache/archives\n");
        assertThat(summary).content().contains("| app | `" + registry.host() + "/team/app@" + registry.digest() + "`");

        lockAnotherDigest();
        var failed = project.envctl("images", "warm", "-o", "github");
        assertThat(failed.exitCode()).as(failed.all()).isEqualTo(5);
        assertThat(failed.stdout())
                .startsWith("::error title=envctl images warm::")
                .contains("HTTP 404", "%0A");
        assertThat(failed.stdout().lines()).hasSize(1);
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
