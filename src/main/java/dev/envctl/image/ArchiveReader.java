package dev.envctl.image;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarFile;

/** Reads an archive with suspicion: everything in it must be what its name says, and lead to what was asked for. */
final class ArchiveReader implements AutoCloseable {
    private static final int DOCUMENT_LIMIT = 4 * 1024 * 1024;
    private static final String BLOBS = "blobs/sha256/";

    private final Path path;
    private final TarFile tar;
    private final Map<String, TarArchiveEntry> entries = new LinkedHashMap<>();

    private ArchiveReader(Path path) throws IOException {
        this.path = path;
        this.tar = new TarFile(path);
    }

    /**
     * Re-hashes every blob and follows index.json to the manifest, its configuration and its layers.
     *
     * @return the digest of the configuration
     * @throws EnvctlException IMAGE with the first difference
     */
    static Digest verify(Path path, Digest manifest) {
        try (var archive = new ArchiveReader(path)) {
            return archive.verify(manifest);
        } catch (IOException e) {
            throw new EnvctlException(
                    FailureKind.IMAGE, "%s cannot be read: %s.".formatted(path, e.getMessage()), remedy(), e);
        }
    }

    private Digest verify(Digest manifest) throws IOException {
        for (var entry : tar.getEntries()) {
            if (!entry.isDirectory() && entries.put(entry.getName().replaceFirst("^\\./", ""), entry) != null) {
                throw damaged("has two files called " + entry.getName());
            }
        }
        var index = document("index.json");
        var named = index.manifests();
        if (named.size() != 1 || !named.get(0).digest().equals(manifest)) {
            throw damaged("holds %s instead of %s"
                    .formatted(named.stream().map(Descriptor::digest).toList(), manifest));
        }
        for (var name : entries.keySet()) {
            if (name.startsWith(BLOBS)) {
                requireOwnName(name);
            }
        }
        requirePart(named.get(0));
        var content = document(ArchiveWriter.blob(manifest));
        requirePart(content.config());
        content.layers().forEach(this::requirePart);
        return content.config().digest();
    }

    private void requireOwnName(String name) throws IOException {
        var hash = Digest.sha256();
        var buffer = new byte[256 * 1024];
        try (var stream = tar.getInputStream(entry(name))) {
            for (var count = stream.read(buffer); count >= 0; count = stream.read(buffer)) {
                hash.update(buffer, 0, count);
            }
        }
        var digest = Digest.of(hash);
        if (!name.equals(ArchiveWriter.blob(digest))) {
            throw damaged("has the content %s under the name %s".formatted(digest, name));
        }
    }

    private void requirePart(Descriptor part) {
        var size = entry(ArchiveWriter.blob(part.digest())).getSize();
        if (size != part.size()) {
            throw damaged("has %d bytes of %s, which has %d".formatted(size, part.digest(), part.size()));
        }
    }

    private Document document(String name) throws IOException {
        try (var stream = tar.getInputStream(entry(name))) {
            return new Document(path + ", " + name, stream.readNBytes(DOCUMENT_LIMIT));
        }
    }

    private TarArchiveEntry entry(String name) {
        var entry = entries.get(name);
        if (entry == null) {
            throw damaged("lacks " + name);
        }
        return entry;
    }

    private EnvctlException damaged(String how) {
        return new EnvctlException(FailureKind.IMAGE, "%s %s.".formatted(path, how), remedy());
    }

    private static String remedy() {
        return "Delete the file; the next `envctl up` or `envctl setup` makes it anew.";
    }

    @Override
    public void close() throws IOException {
        tar.close();
    }
}
