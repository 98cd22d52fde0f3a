package dev.envctl.it;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import org.awaitility.Awaitility;

/** The real registry of the Debian package docker-registry, on loopback, holding one small image. */
final class RegistryProcess implements AutoCloseable {
    private static final String MANIFEST = "application/vnd.oci.image.manifest.v1+json";
    static final String LAYER = "layer".repeat(100_000);
    private static final String CONFIG = "application/vnd.oci.image.config.v1+json";

    private final Process server;
    private final int port;
    private final String manifestDigest;

    RegistryProcess(Path folder, String repository) throws IOException, InterruptedException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        var config = folder.resolve("registry.yml");
        Files.writeString(config, """
                version: 0.1
                log: {level: warn}
                storage: {filesystem: {rootdirectory: %s}}
                http: {addr: 127.0.0.1:%d}
                """.formatted(folder.resolve("registry"), port));
        server = new ProcessBuilder("docker-registry", "serve", config.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("registry.log").toFile())
                .start();
        try {
            Awaitility.await("docker-registry").atMost(Duration.ofSeconds(20)).until(this::answers);
            manifestDigest = push(repository);
        } catch (IOException | InterruptedException | RuntimeException e) {
            close();
            throw e;
        }
    }

    String host() {
        return "127.0.0.1:" + port;
    }

    private boolean answers() {
        try {
            var connection = (HttpURLConnection)
                    URI.create("http://" + host() + "/v2/").toURL().openConnection();
            connection.setConnectTimeout(1000);
            connection.setReadTimeout(1000);
            return connection.getResponseCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    private String push(String repository) throws IOException, InterruptedException {
        var config = "{\"architecture\":\"%s\",\"os\":\"linux\",\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[]}}"
                .formatted(System.getProperty("os.arch", "").equals("aarch64") ? "arm64" : "amd64");
        var base = "http://%s/v2/%s/".formatted(host(), repository);
        upload(base, config);
        upload(base, LAYER);
        var manifest =
                "{\"schemaVersion\":2,\"mediaType\":\"%s\",\"config\":{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":%d},"
                                .formatted(MANIFEST, CONFIG, digest(config), config.length())
                        + "\"layers\":[{\"mediaType\":\"application/vnd.oci.image.layer.v1.tar\",\"digest\":\"%s\",\"size\":%d}]}"
                                .formatted(digest(LAYER), LAYER.length());
        send(HttpRequest.newBuilder(URI.create(base + "manifests/1"))
                .header("Content-Type", MANIFEST)
                .PUT(HttpRequest.BodyPublishers.ofString(manifest)));
        return digest(manifest);
    }

    private static void upload(String base, String content) throws IOException, InterruptedException {
        var upload = send(
                HttpRequest.newBuilder(URI.create(base + "blobs/uploads/")).POST(HttpRequest.BodyPublishers.noBody()));
        var location = upload.headers().firstValue("Location").orElseThrow();
        send(HttpRequest.newBuilder(URI.create(location + "&digest=" + digest(content)))
                .header("Content-Type", "application/octet-stream")
                .PUT(HttpRequest.BodyPublishers.ofString(content)));
    }

    /** Of the image's manifest. */
    String digest() {
        return manifestDigest;
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        var response = HttpClient.newHttpClient()
                .send(request.timeout(Duration.ofSeconds(10)).build(), HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() / 100 != 2) {
            throw new IOException("HTTP %d: %s".formatted(response.statusCode(), response.body()));
        }
        return response;
    }

    static String digest(String content) {
        try {
            var hash = MessageDigest.getInstance("SHA-256").digest(content.getBytes(StandardCharsets.UTF_8));
            return "sha256:" + HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        server.destroyForcibly();
    }
}
