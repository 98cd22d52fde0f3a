package dev.envctl.image;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * An OCI image layout that somebody gave us, read with suspicion: a file in it is found only under the name that we ask
 * for, must be an ordinary file, and is read no further than its size.
 */
abstract class Layout implements AutoCloseable {
    static final String BLOBS = "blobs/sha256/";
    private static final int DOCUMENT_LIMIT = 4 * 1024 * 1024;

    private final Path path;

    Layout(Path path) {
        this.path = path;
    }

    /**
     * Opens a folder or a tar.
     *
     * @throws EnvctlException USAGE if there is neither; IMAGE if it is not to be trusted
     */
    static Layout open(Path path) {
        if (Files.isDirectory(path)) {
            return new LayoutFolder(path);
        }
        if (Files.isRegularFile(path)) {
            return new LayoutTar(path);
        }
        throw new EnvctlException(
                FailureKind.USAGE,
                "%s is neither a folder nor a file.".formatted(path),
                "`envctl images save` writes what can be loaded.");
    }

    /**
     * The size of a file, in bytes.
     *
     * @param name with slashes, below the layout's root
     * @throws EnvctlException IMAGE if it is not there, or no ordinary file
     */
    abstract long size(String name);

    /** The content of a file, which is there. */
    abstract InputStream open(String name) throws IOException;

    @Override
    public abstract void close();

    /** A small file. */
    final Document document(String name) {
        if (size(name) > DOCUMENT_LIMIT) {
            throw untrusted("has a %s of %d bytes, and %d are the most".formatted(name, size(name), DOCUMENT_LIMIT));
        }
        try (var stream = open(name)) {
            return new Document(path + ", " + name, stream.readNBytes(DOCUMENT_LIMIT));
        } catch (IOException e) {
            throw StoredFile.cannot("read", path, e);
        }
    }

    /** The document that a digest names, which it must be. */
    final Document document(Digest digest) {
        var document = document(name(digest));
        requireSame(digest, document.digest());
        return document;
    }

    /** Hashes a blob, to its end. */
    final void require(Descriptor blob) {
        var name = name(blob.digest());
        if (size(name) != blob.size()) {
            throw untrusted("has %d bytes of %s, which has %d".formatted(size(name), blob.digest(), blob.size()));
        }
        try (var stream = open(name)) {
            requireSame(blob.digest(), Digest.of(stream));
        } catch (IOException e) {
            throw StoredFile.cannot("read", path, e);
        }
    }

    private void requireSame(Digest expected, Digest actual) {
        if (!expected.equals(actual)) {
            throw untrusted("has the content %s under the name %s".formatted(actual, expected));
        }
    }

    static String name(Digest digest) {
        return BLOBS + digest.hex();
    }

    final EnvctlException untrusted(String how) {
        return new EnvctlException(
                FailureKind.IMAGE,
                "%s %s. Nothing of it was loaded.".formatted(path, how),
                "Save it again with `envctl images save`, and compare what was copied.");
    }

    @Override
    public final String toString() {
        return path.toString();
    }
}
