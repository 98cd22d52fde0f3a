package dev.envctl.image;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** A small image for one platform, below an index, as a registry would hold it. */
final class SampleImage {
    final byte[] layer;
    final byte[] config;
    final byte[] manifest;
    final byte[] index;

    SampleImage(String architecture) {
        this(architecture, "the only layer");
    }

    SampleImage(String architecture, String content) {
        layer = bytes(content);
        config = bytes("{\"architecture\":\"%s\",\"os\":\"linux\",\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[]}}"
                .formatted(architecture));
        manifest = bytes("{\"schemaVersion\":2,\"mediaType\":\"%s\",\"config\":%s,\"layers\":[%s]}"
                .formatted(
                        Document.OCI_MANIFEST,
                        descriptor("application/vnd.oci.image.config.v1+json", config, ""),
                        descriptor("application/vnd.oci.image.layer.v1.tar", layer, "")));
        var platform = ",\"platform\":{\"os\":\"linux\",\"architecture\":\"%s\"}".formatted(architecture);
        index = bytes("{\"schemaVersion\":2,\"mediaType\":\"%s\",\"manifests\":[%s]}"
                .formatted(Document.OCI_INDEX, descriptor(Document.OCI_MANIFEST, manifest, platform)));
    }

    /** Locked by its index. */
    PinnedImage pinned(String name, String repository) {
        return pinned(name, repository, null);
    }

    PinnedImage pinned(String name, String repository, @org.jspecify.annotations.Nullable String recipe) {
        return new PinnedImage(name, repository, "1", Digest.of(index), Map.of(), recipe);
    }

    Digest manifestDigest() {
        return Digest.of(manifest);
    }

    /** What a registry serves: body by path below {@code /v2/REPOSITORY/}. */
    Map<String, byte[]> served() {
        var served = new LinkedHashMap<String, byte[]>();
        served.put("manifests/1", index);
        served.put("manifests/" + Digest.of(index), index);
        served.put("manifests/" + Digest.of(manifest), manifest);
        served.put("blobs/" + Digest.of(config), config);
        served.put("blobs/" + Digest.of(layer), layer);
        return served;
    }

    String layerPath() {
        return "blobs/" + Digest.of(layer);
    }

    private static String descriptor(String mediaType, byte[] content, String more) {
        return "{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":%d%s}"
                .formatted(mediaType, Digest.of(content), content.length, more);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
