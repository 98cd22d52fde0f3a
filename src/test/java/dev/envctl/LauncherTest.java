package dev.envctl;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script {@code envctl}, in a small checkout, with a Maven and a Java that only write down how they were called. */
final class LauncherTest {
    private static final String MAVEN = """
            #!/bin/sh
            echo "$@" >>"${0%/*}/mvn.calls"
            sleep "${MAVEN_SECONDS:-0}"
            if [ -n "${MAVEN_FAILS:-}" ]; then echo '[ERROR] the reason'; exit 1; fi
            while [ "$1" != -f ]; do shift; done
            dist=${2%/pom.xml}/target/dist
            mkdir -p "$dist/lib"
            cat "${2%/pom.xml}"/src/main/* >"$dist/envctl-1.jar"
            [ -f "$dist/lib/library.jar" ] || echo library >"$dist/lib/library.jar"
            """;
    /** Prints its arguments, a line each, and what is in the jar that it was told to run. */
    private static final String JAVA = """
            #!/bin/sh
            while [ $# -gt 0 ]; do
                if [ "$1" = -cp ]; then echo "content: $(cat "$2")"; fi
                echo "$1"
                shift
            done
            exit 7
            """;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    private Path checkout = Path.of("");
    private Path tools = Path.of("");

    private record Ended(int exitCode, String out, String errors) {}

    @BeforeEach
    void layOut() throws IOException {
        var real = directory.toRealPath();
        checkout = real.resolve("a checkout");
        tools = real.resolve("tools");
        Files.createDirectories(checkout.resolve("src/main"));
        Files.writeString(checkout.resolve("pom.xml"), "");
        Files.writeString(checkout.resolve("src/main/First"), "first");
        Files.writeString(checkout.resolve("src/main/Second"), "second");
        Files.copy(Path.of("envctl").toAbsolutePath(), checkout.resolve("envctl"));
        program(tools.resolve("mvn"), MAVEN);
        var jdk = real.resolve("jdk");
        program(jdk.resolve("bin/java"), JAVA);
        program(jdk.resolve("bin/javac"), "#!/bin/sh\n");
        Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"17.0.1\"\n");
    }

    @Test
    void buildsInstallsAndRunsWhatIsNotBuilt() throws Exception {
        var ended = run("status");

        assertThat(ended.errors()).contains("building").contains("built in");
        assertThat(ended.out()).contains("content: firstsecond").contains("dev.envctl.cli.Main\nstatus\n");
        assertThat(builds()).isEqualTo(1);
    }

    @Test
    void passesArgumentsAndTheExitCodeThrough() throws Exception {
        var ended = run("run", "--", "two words", "*", "");

        assertThat(ended.exitCode()).isEqualTo(7);
        assertThat(ended.out()).endsWith("dev.envctl.cli.Main\nrun\n--\ntwo words\n*\n\n");
    }

    @Test
    void tellsTheCheckoutAndThatNothingIsATerminal() throws Exception {
        assertThat(run().out()).contains("-Denvctl.home=" + checkout + "\n").contains("-Denvctl.terminals=\n");
    }

    @Test
    void doesNotBuildAgainWhileTheSourcesAreTheSame() throws Exception {
        run();

        assertThat(run().errors()).isEmpty();
        assertThat(builds()).isEqualTo(1);
    }

    @Test
    void buildsAgainWhenASourceChanged() throws Exception {
        run();
        Files.writeString(checkout.resolve("src/main/First"), "changed");

        assertThat(run().out()).contains("content: changedsecond");
    }

    @Test
    void buildsAgainWhenASourceWasDeleted() throws Exception {
        run();
        Files.delete(checkout.resolve("src/main/Second"));

        assertThat(run().out()).contains("content: first\n");
    }

    @Test
    void buildsAgainWhenAnOlderFileTookThePlaceOfASource() throws Exception {
        run();
        var older = checkout.resolve("src/main/First");
        Files.writeString(older, "older");
        Files.setLastModifiedTime(older, FileTime.from(Instant.now().minus(Duration.ofDays(9))));

        assertThat(run().out()).contains("content: oldersecond");
    }

    @Test
    void takesWhatMavenHasJustBuiltWithoutRunningIt() throws Exception {
        Files.createDirectories(checkout.resolve("target/dist/lib"));
        Files.writeString(checkout.resolve("target/dist/lib/library.jar"), "library");
        Files.writeString(checkout.resolve("target/dist/envctl-1.jar"), "by hand");

        assertThat(run().out()).contains("content: by hand");
        assertThat(tools.resolve("mvn.calls")).doesNotExist();
    }

    @Test
    void keepsRunningWhatIsInstalledAfterMavenClean() throws Exception {
        run();
        for (var file : List.of("dist/lib/library.jar", "dist/lib", "dist/envctl-1.jar", "dist")) {
            Files.delete(checkout.resolve("target").resolve(file));
        }

        assertThat(run().out()).contains("content: firstsecond");
        assertThat(builds()).isEqualTo(1);
    }

    @Test
    void buildsOnceWhenSeveralStartAtTheSameMoment() throws Exception {
        var running = new ArrayList<Process>();
        for (var i = 0; i < 4; i++) {
            running.add(start(checkout.resolve("envctl"), Map.of("MAVEN_SECONDS", "1"), List.of()));
        }

        for (var one : running) {
            assertThat(end(one).out()).contains("content: firstsecond");
        }
        assertThat(builds()).isEqualTo(1);
    }

    @Test
    void showsTheEndOfTheLogWhenMavenFails() throws Exception {
        var ended = end(start(checkout.resolve("envctl"), Map.of("MAVEN_FAILS", "yes"), List.of()));

        assertThat(ended.exitCode()).isEqualTo(1);
        assertThat(ended.out()).isEmpty();
        assertThat(ended.errors()).contains("[ERROR] the reason").contains("next: mvn -B -f '" + checkout);
    }

    @Test
    void namesTheMendingCommandWhenThereIsNoMaven() throws Exception {
        Files.delete(tools.resolve("mvn"));
        var ended = end(start(checkout.resolve("envctl"), Map.of("PATH", withoutMaven()), List.of()));

        assertThat(ended.exitCode()).isEqualTo(3);
        assertThat(ended.errors()).contains("Maven is needed").contains("next: ");
    }

    @Test
    void refusesAJavaThatIsTooOld() throws Exception {
        Files.writeString(directory.resolve("jdk/release"), "JAVA_VERSION=\"1.8.0_402\"\n");
        run();
        var ended = run();

        assertThat(ended.exitCode()).isEqualTo(3);
        assertThat(ended.errors()).contains("no Java 17 or newer");
    }

    @Test
    void startsThroughASymbolicLinkFromAnyFolder() throws Exception {
        var link = Files.createSymbolicLink(directory.resolve("link"), Path.of("a checkout/envctl"));
        var ended = end(start(link, Map.of("CDPATH", "/"), List.of()));

        assertThat(ended.out()).contains("-Denvctl.home=" + checkout + "\n");
    }

    @Test
    void leavesTheMemoryToTheUserWhoSetsIt() throws Exception {
        var ended = end(start(
                checkout.resolve("envctl"),
                Map.of("JAVA_TOOL_OPTIONS", "-Xshare:auto -Xms300m -XX:+UseG1GC"),
                List.of()));

        assertThat(ended.out()).contains("-XX:TieredStopAtLevel=1").doesNotContain("-Xmx", "SerialGC");
    }

    @Test
    void removesInstallsThatNobodyHasUsedForLong() throws Exception {
        var old = directory.resolve("cache/dist/0123456789abcdef");
        var recent = directory.resolve("cache/dist/fedcba9876543210");
        Files.createDirectories(old);
        Files.createDirectories(recent);
        Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofDays(9))));

        run();

        assertThat(old).doesNotExist();
        assertThat(recent).exists();
    }

    @Test
    void keepsOldInstallsThatAProcessRunsFrom() throws Exception {
        var old = directory.toRealPath().resolve("cache/dist/0123456789abcdef");
        Files.createDirectories(old);
        var user = new ProcessBuilder("sh", "-c", "sleep 60; :", old + "/envctl.jar").start();
        try {
            Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofDays(9))));
            run();

            assertThat(old).exists();
        } finally {
            user.descendants().forEach(ProcessHandle::destroy);
            user.destroy();
        }
    }

    private Ended run(String... arguments) throws Exception {
        return end(start(checkout.resolve("envctl"), Map.of(), List.of(arguments)));
    }

    private Process start(Path launcher, Map<String, String> variables, List<String> arguments) throws IOException {
        var line = new ArrayList<String>(List.of(launcher.toString()));
        line.addAll(arguments);
        var builder = new ProcessBuilder(line).directory(directory.toFile());
        var environment = builder.environment();
        List.of("JAVA_HOME", "JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS")
                .forEach(environment::remove);
        environment.put("PATH", tools + ":" + environment.get("PATH"));
        environment.put("ENVCTL_CACHE", directory.resolve("cache").toString());
        environment.put("ENVCTL_JAVA", directory.resolve("jdk").toString());
        // Whoever says something about class data gets no archive from the launcher: none is written behind our back.
        environment.put("JAVA_TOOL_OPTIONS", "-Xshare:auto");
        environment.putAll(variables);
        return builder.start();
    }

    private static Ended end(Process process) throws Exception {
        process.getOutputStream().close();
        var out = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        var errors = new String(process.getErrorStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Ended(process.exitValue(), out, errors);
    }

    private long builds() throws IOException {
        return Files.readAllLines(tools.resolve("mvn.calls")).size();
    }

    /** A search path with everything the launcher may need but Maven. */
    private String withoutMaven() throws IOException {
        var programs = Files.createDirectory(directory.resolve("programs"));
        for (var folder : List.of("/usr/bin", "/bin")) {
            for (var name :
                    List.of("sh", "dirname", "readlink", "find", "sed", "mkdir", "flock", "id", "cat", "apt-get")) {
                var program = Path.of(folder, name);
                var link = programs.resolve(name);
                if (Files.isExecutable(program) && !Files.exists(link)) {
                    program(link, "#!/bin/sh\nexec %s \"$@\"\n".formatted(program));
                }
            }
        }
        return programs.toString();
    }

    private static void program(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
