package dev.envctl.image;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/**
 * Writes an OCI image layout (specification 1.1) as a tar. The same content always makes the same bytes: sorted, without
 * times and owners.
 */
final class ArchiveWriter {
    /** Podman takes this annotation for the image's name, containerd the other one. */
    static final String REFERENCE = "org.opencontainers.image.ref.name";

    static final String CONTAINERD_NAME = "io.containerd.image.name";
    private static final String LAYOUT = "{\"imageLayoutVersion\":\"1.0.0\"}";

    private ArchiveWriter() {}

    static void write(ArchiveContent content, OutputStream stream) throws IOException {
        var tar = tar(stream);
        add(tar, "oci-layout", layout());
        add(tar, "index.json", index(content));
        add(tar, "manifest.json", dockerManifest(content));
        var manifest = content.manifest();
        add(tar, blob(manifest.digest()), manifest.bytes());
        var parts = new TreeMap<String, Descriptor>();
        content.parts().forEach(part -> parts.put(blob(part.digest()), part));
        for (var part : parts.entrySet()) {
            try (var blob = content.blobs().open(part.getValue())) {
                add(tar, part.getKey(), part.getValue().size(), blob);
            }
        }
        // Not closed: the stream below belongs to the caller, who still has to bring it to the disk.
        tar.finish();
        tar.flush();
    }

    static TarArchiveOutputStream tar(OutputStream stream) {
        var tar = new TarArchiveOutputStream(stream, "UTF-8");
        tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
        return tar;
    }

    /** The content of the file {@code oci-layout}. */
    static byte[] layout() {
        return LAYOUT.getBytes(StandardCharsets.UTF_8);
    }

    static String blob(Digest digest) {
        return "blobs/sha256/" + digest.hex();
    }

    private static byte[] index(ArchiveContent content) {
        var manifest = content.manifest();
        var platform = new JsonObject();
        platform.addProperty("architecture", content.platform().architecture());
        platform.addProperty("os", content.platform().os());
        var entry = entry(manifest, names(content.tagged()));
        entry.add("platform", platform);
        return index(List.of(entry));
    }

    /** The annotations that name an image. */
    static Map<String, String> names(String tagged) {
        return Map.of(REFERENCE, tagged, CONTAINERD_NAME, tagged);
    }

    /** An entry of index.json. */
    static JsonObject entry(Document document, Map<String, String> annotations) {
        var entry = new Descriptor(document.mediaType(), document.digest(), document.size(), null).json();
        var json = new JsonObject();
        new TreeMap<>(annotations).forEach(json::addProperty);
        entry.add("annotations", json);
        return entry;
    }

    /** The content of the file {@code index.json}. */
    static byte[] index(List<JsonObject> entries) {
        var list = new JsonArray();
        entries.forEach(list::add);
        var index = new JsonObject();
        index.addProperty("schemaVersion", 2);
        index.addProperty("mediaType", Document.OCI_INDEX);
        index.add("manifests", list);
        return index.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** Docker before 25 loads only archives that have this file; the others ignore it. */
    private static byte[] dockerManifest(ArchiveContent content) {
        var tags = new JsonArray();
        tags.add(content.tagged());
        var layers = new JsonArray();
        content.manifest().layers().forEach(layer -> layers.add(blob(layer.digest())));
        var image = new JsonObject();
        image.addProperty("Config", blob(content.manifest().config().digest()));
        image.add("RepoTags", tags);
        image.add("Layers", layers);
        return list(image).toString().getBytes(StandardCharsets.UTF_8);
    }

    private static JsonArray list(JsonElement element) {
        var list = new JsonArray();
        list.add(element);
        return list;
    }

    private static void add(TarArchiveOutputStream tar, String name, byte[] content) throws IOException {
        tar.putArchiveEntry(entry(name, content.length));
        tar.write(content);
        tar.closeArchiveEntry();
    }

    static void add(TarArchiveOutputStream tar, String name, long size, InputStream content) throws IOException {
        tar.putArchiveEntry(entry(name, size));
        content.transferTo(tar);
        tar.closeArchiveEntry();
    }

    private static TarArchiveEntry entry(String name, long size) {
        var entry = new TarArchiveEntry(name);
        entry.setSize(size);
        entry.setModTime(0L);
        entry.setIds(0, 0);
        entry.setNames("", "");
        entry.setMode(0100644);
        return entry;
    }
}
