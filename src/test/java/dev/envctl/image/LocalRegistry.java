package dev.envctl.image;

import static org.assertj.core.api.Assertions.fail;

import dev.envctl.process.Background;
import dev.envctl.process.Command;
import dev.envctl.process.Programs;
import dev.envctl.readiness.Answer;
import dev.envctl.readiness.Deadline;
import dev.envctl.readiness.Wait;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** The real registry of the Debian package docker-registry, on loopback, with its data in a temporary directory. */
final class LocalRegistry implements AutoCloseable {
    private static final int ATTEMPTS = 3;

    private final Path data;
    private int port;
    private final Path log;
    private final Programs programs;
    private Background server;

    LocalRegistry(Path directory, Programs programs) {
        if (programs.find("docker-registry").isEmpty()) {
            fail("This test needs a real registry: install it with `apt-get install docker-registry`.");
        }
        this.programs = programs;
        this.data = directory.resolve("data");
        this.log = directory.resolve("registry.log");
        start(directory.resolve("registry.yml"));
    }

    /** Somebody else may take the port before the registry does. */
    private void start(Path config) {
        for (var attempt = 1; ; attempt++) {
            port = freePort();
            configure(config);
            server = programs.start(Command.of("docker-registry", "serve", config.toString()), log);
            try {
                new Wait()
                        .until(
                                "the registry",
                                Deadline.in(Duration.ofSeconds(10)),
                                Duration.ofMillis(50),
                                reason -> {},
                                this::answer);
                return;
            } catch (RuntimeException e) {
                close();
                if (attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    private void configure(Path config) {
        try {
            Files.writeString(config, """
                    version: 0.1
                    log: {level: warn}
                    storage: {filesystem: {rootdirectory: %s}, delete: {enabled: true}}
                    http: {addr: 127.0.0.1:%d}
                    """.formatted(data, port));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Answer<Boolean> answer() {
        try {
            var connection = (HttpURLConnection)
                    URI.create("http://" + host() + "/v2/").toURL().openConnection();
            connection.setConnectTimeout(1000);
            connection.setReadTimeout(1000);
            return connection.getResponseCode() == 200 ? Answer.ready(true) : Answer.notYet("not ready");
        } catch (IOException e) {
            return Answer.notYet(String.valueOf(e.getMessage()));
        }
    }

    String host() {
        return "127.0.0.1:" + port;
    }

    /** Where the registry keeps a blob on disk. */
    Path blob(Digest digest) {
        return data.resolve("docker/registry/v2/blobs/sha256")
                .resolve(digest.hex().substring(0, 2))
                .resolve(digest.hex())
                .resolve("data");
    }

    /** How often a blob was fetched, by the registry's own access log. */
    long fetches(Digest blob) {
        try (var lines = Files.lines(log)) {
            return lines.filter(line -> line.contains("\"GET ") && line.contains("/blobs/" + blob))
                    .count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Copies an OCI archive into the registry. */
    void push(Path archive, String repositoryAndTag) {
        programs.run(Command.of(
                        "skopeo",
                        "copy",
                        "--insecure-policy",
                        "--preserve-digests",
                        "--dest-tls-verify=false",
                        "oci-archive:" + archive,
                        "docker://" + host() + "/" + repositoryAndTag))
                .orThrow("install it with `apt-get install skopeo`");
    }

    private static int freePort() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        server.end();
    }
}
