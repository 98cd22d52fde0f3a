package dev.envctl.image;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** A JSON document of an image, byte for byte as it was made: its digest is its name. */
final class Document {
    static final String OCI_INDEX = "application/vnd.oci.image.index.v1+json";
    static final String OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json";
    static final String DOCKER_INDEX = "application/vnd.docker.distribution.manifest.list.v2+json";
    static final String DOCKER_MANIFEST = "application/vnd.docker.distribution.manifest.v2+json";

    private final String origin;
    private final byte[] bytes;
    private final Digest digest;
    private final JsonObject json;

    /** @param origin where it was read, for messages */
    Document(String origin, byte[] bytes) {
        this.origin = origin;
        this.bytes = bytes.clone();
        this.digest = Digest.of(bytes);
        this.json = understand(() -> JsonParser.parseString(new String(bytes, StandardCharsets.UTF_8))
                .getAsJsonObject());
    }

    byte[] bytes() {
        return bytes.clone();
    }

    Digest digest() {
        return digest;
    }

    long size() {
        return bytes.length;
    }

    boolean isIndex() {
        return json.has("manifests");
    }

    /** As the document says, or as its content shows: older OCI tools leave it out. */
    String mediaType() {
        if (json.has("mediaType")) {
            return understand(() -> json.get("mediaType").getAsString());
        }
        return isIndex() ? OCI_INDEX : OCI_MANIFEST;
    }

    /** The manifests of an index that are images; attestations and signatures say their platform is unknown. */
    List<Descriptor> manifests() {
        return understand(() -> objects("manifests")
                .filter(Document::isImage)
                .map(Descriptor::parse)
                .toList());
    }

    private static boolean isImage(JsonObject manifest) {
        if (!manifest.has("platform")) {
            return true;
        }
        var platform = manifest.getAsJsonObject("platform");
        return platform.has("os") && !platform.get("os").getAsString().equals("unknown");
    }

    /** A text member; empty where there is none. */
    String text(String key) {
        return understand(() -> json.has(key) ? json.get(key).getAsString() : "");
    }

    /** The annotations of that entry of an index. */
    Map<String, String> annotations(Digest entry) {
        return understand(() -> objects("manifests")
                .filter(manifest -> manifest.get("digest").getAsString().equals(entry.value()))
                .filter(manifest -> manifest.has("annotations"))
                .flatMap(manifest -> manifest.getAsJsonObject("annotations").entrySet().stream())
                .collect(Collectors.toMap(
                        Map.Entry::getKey, annotation -> annotation.getValue().getAsString(), (one, other) -> one)));
    }

    /** The configuration of a manifest. */
    Descriptor config() {
        return understand(() -> Descriptor.parse(json.getAsJsonObject("config")));
    }

    /** The layers of a manifest, lowest first. */
    List<Descriptor> layers() {
        return understand(() -> objects("layers").map(Descriptor::parse).toList());
    }

    /** The platform that a configuration names. */
    Platform platform() {
        return understand(() -> Descriptor.platform(json));
    }

    /** What it takes to download a manifest's content, in bytes. */
    long contentSize() {
        return config().size() + layers().stream().mapToLong(Descriptor::size).sum();
    }

    private Stream<JsonObject> objects(String key) {
        JsonArray array = json.getAsJsonArray(key);
        return StreamSupport.stream(array.spliterator(), false).map(element -> element.getAsJsonObject());
    }

    /** What is read here was made elsewhere: whatever is wrong with it is told as a failure of the image. */
    private <T> T understand(Supplier<T> reading) {
        try {
            return reading.get();
        } catch (JsonParseException
                | IllegalStateException
                | IllegalArgumentException
                | ClassCastException
                | UnsupportedOperationException
                | NullPointerException e) {
            throw new EnvctlException(
                    FailureKind.IMAGE,
                    "%s is no image manifest, index or configuration: %s.".formatted(origin, e.getMessage()),
                    "Check with `envctl images verify`; if a registry served it, try another one.",
                    e);
        }
    }
}
