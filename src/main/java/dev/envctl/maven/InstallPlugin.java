package dev.envctl.maven;

import dev.envctl.CacheDirectory;
import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.client.Installation;
import dev.envctl.environment.EnvironmentDirectory;
import dev.envctl.process.Command;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.jar.JarFile;

/**
 * Gives this build of envctl a place of its own in the cache, beside the launcher's, from which a primary can run for longer
 * than the jars in Maven's repository stay what they are.
 */
final class InstallPlugin {
    /** Where the jar keeps what lies in a checkout's folder. */
    private static final String HOME = "dev/envctl/home/";

    private static final int KEY_LENGTH = 16;
    /** Of the launcher: a fast start, little memory. */
    private static final List<String> OPTIONS = List.of(
            "-XX:TieredStopAtLevel=1",
            "-XX:-UsePerfData",
            "-Xss512k",
            "-Xlog:disable",
            "-Dpicocli.disable.closures=true",
            "-Dfile.encoding=UTF-8");

    private static final List<String> MEMORY = List.of(
            "-XX:+UseSerialGC",
            "-Xms24m",
            "-Xmx160m",
            "-XX:MinHeapFreeRatio=10",
            "-XX:MaxHeapFreeRatio=20",
            "-XX:-ShrinkHeapInSteps");

    private final CacheDirectory cache;

    InstallPlugin(CacheDirectory cache) {
        this.cache = cache;
    }

    Installation run(PluginJars.Files jars) {
        try {
            var home = cache.path().resolve("dist").resolve("maven-" + key(jars));
            if (!Files.exists(home.resolve("envctl.jar"))) {
                install(jars, home);
            }
            markUsed(home);
            return new Installation(home, home.toString(), words -> command(home, words));
        } catch (IOException e) {
            throw new EnvctlException(
                    FailureKind.FAILED,
                    "envctl cannot be installed in %s: %s".formatted(cache.path(), e),
                    "Check free space and who owns the folder, or set ENVCTL_CACHE to another.",
                    e);
        }
    }

    /** From the content of our own jar, which may be a snapshot, and the names and sizes of released ones. */
    private static String key(PluginJars.Files jars) throws IOException {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            digest.update(Files.readAllBytes(jars.own()));
            for (var library : jars.libraries()) {
                digest.update("%s %d"
                        .formatted(library.getFileName(), Files.size(library))
                        .getBytes(java.nio.charset.StandardCharsets.UTF_8));
            }
            return HexFormat.of().formatHex(digest.digest()).substring(0, KEY_LENGTH);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** Whole or not at all: of several builds that do it at the same moment the first one's stays. */
    private static void install(PluginJars.Files jars, Path home) throws IOException {
        Files.createDirectories(home.getParent());
        var fresh = Files.createTempDirectory(home.getParent(), ".new.");
        try {
            Files.copy(jars.own(), fresh.resolve("envctl.jar"));
            unpack(jars.own(), fresh);
            Files.createDirectory(fresh.resolve("lib"));
            var libraries = new ArrayList<>(jars.libraries());
            libraries.add(jars.missing().get());
            for (var library : libraries) {
                linkOrCopy(library, fresh.resolve("lib").resolve(library.getFileName()));
            }
            writeScript(fresh.resolve("envctl"), home);
            if (!Files.exists(home.resolve("envctl.jar"))) {
                // What an interrupted removal has left.
                EnvironmentDirectory.delete(home);
            }
            Files.move(fresh, home, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileSystemException e) {
            if (!Files.exists(home.resolve("envctl.jar"))) {
                throw e;
            }
        } finally {
            EnvironmentDirectory.delete(fresh);
        }
    }

    private static void unpack(Path jar, Path home) throws IOException {
        try (var files = new JarFile(jar.toFile())) {
            for (var entry : files.stream().toList()) {
                if (entry.getName().startsWith(HOME) && !entry.isDirectory()) {
                    var file = home.resolve(entry.getName().substring(HOME.length()));
                    Files.createDirectories(file.getParent());
                    try (var content = files.getInputStream(entry)) {
                        Files.copy(content, file);
                    }
                }
            }
        }
    }

    private static void linkOrCopy(Path from, Path to) throws IOException {
        try {
            Files.createLink(to, from);
        } catch (IOException | UnsupportedOperationException e) {
            Files.copy(from, to);
        }
    }

    /** For people: what messages call {@code envctl}. */
    private static void writeScript(Path file, Path home) throws IOException {
        Files.writeString(
                file,
                "#!/bin/sh\nexec %s \"$@\"\n".formatted(command(home, List.of()).paste()));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** The launcher removes what nobody has used for a week. */
    private static void markUsed(Path home) throws IOException {
        var used = home.resolve("used");
        if (Files.exists(used)) {
            Files.setLastModifiedTime(used, FileTime.from(Instant.now()));
        } else {
            Files.writeString(used, "");
        }
    }

    private static Command command(Path home, List<String> words) {
        var line = new ArrayList<String>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        if (!choosesMemory(System.getenv())) {
            line.addAll(MEMORY);
        }
        line.addAll(OPTIONS);
        line.add("-Denvctl.home=" + home);
        // A wildcard, which the JVM expands: where processes look at each other's command lines, long ones are cut off.
        line.addAll(List.of("-cp", home.resolve("envctl.jar") + ":" + home.resolve("lib") + "/*", Installation.MAIN));
        line.addAll(words);
        return Command.of(line).timeout(Duration.ofDays(1)).inOwnSession();
    }

    /** What the user asks of every JVM wins; some of it would not go together with ours. */
    private static boolean choosesMemory(Map<String, String> variables) {
        return List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS").stream()
                .map(name -> variables.getOrDefault(name, ""))
                .anyMatch(options -> options.contains("GC") || options.contains("-Xm") || options.contains("Heap"));
    }
}
