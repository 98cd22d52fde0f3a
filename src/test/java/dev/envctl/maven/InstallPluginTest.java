package dev.envctl.maven;

import static org.assertj.core.api.Assertions.assertThat;

import dev.envctl.CacheDirectory;
import dev.envctl.client.Installation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InstallPluginTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    private Path own = Path.of("");
    private int resolved;

    @BeforeEach
    void layOut() throws IOException {
        own = folder.resolve("envctl-1.jar");
        jar("images: []\n");
        Files.writeString(folder.resolve("library-2.jar"), "library");
        Files.writeString(folder.resolve("slf4j-api-2.jar"), "logging");
    }

    private void jar(String lock) throws IOException {
        try (var jar = new JarOutputStream(Files.newOutputStream(own))) {
            entry(jar, "dev/envctl/home/images.lock", lock);
            entry(jar, "dev/envctl/home/scripts/images/build", "#!/usr/bin/env bash\n");
            entry(jar, "dev/envctl/Other.class", "");
        }
    }

    private static void entry(JarOutputStream jar, String name, String text) throws IOException {
        jar.putNextEntry(new JarEntry(name));
        jar.write(text.getBytes(StandardCharsets.UTF_8));
        jar.closeEntry();
    }

    private Installation install() {
        var jars = new PluginJars.Files(own, List.of(folder.resolve("library-2.jar")), () -> {
            resolved++;
            return folder.resolve("slf4j-api-2.jar");
        });
        return new InstallPlugin(new CacheDirectory(folder.resolve("cache"))).run(jars);
    }

    private static Path home(Installation installation) {
        return Objects.requireNonNull(
                installation.lockFile(Path.of("/no/project")).getParent());
    }

    @Test
    void hasEverythingThatACheckoutHas() throws IOException {
        var home = home(install());

        assertThat(home.resolve("envctl.jar")).hasSameBinaryContentAs(own);
        assertThat(home.resolve("images.lock")).hasContent("images: []\n");
        assertThat(home.resolve("scripts/images/build")).exists();
        assertThat(home.resolve("lib")).isDirectoryContaining("glob:**/library-2.jar");
        assertThat(home.resolve("lib")).isDirectoryContaining("glob:**/slf4j-api-2.jar");
        assertThat(home.getParent()).isEqualTo(folder.resolve("cache/dist"));
        try (var beside = Files.list(home.getParent())) {
            assertThat(beside).as("nothing half made").containsExactly(home);
        }
    }

    @Test
    void isDoneOncePerBuild() {
        assertThat(home(install())).isEqualTo(home(install()));
        assertThat(resolved).isEqualTo(1);
    }

    @Test
    void anotherBuildHasAnotherPlace() throws IOException {
        var before = home(install());
        jar("images: [one]\n");

        assertThat(home(install())).isNotEqualTo(before);
        assertThat(before.resolve("images.lock")).hasContent("images: []\n");
    }

    @Test
    void runsFromThereWithAShortCommandLine() {
        var installation = install();
        var home = home(installation);

        assertThat(installation.command(List.of("status")).arguments())
                .contains("-Denvctl.home=" + home)
                .containsSequence("-cp", home + "/envctl.jar:" + home + "/lib/*", "dev.envctl.cli.Main", "status");
        assertThat(home.resolve("envctl")).isExecutable().content().contains("dev.envctl.cli.Main \"$@\"");
    }
}
