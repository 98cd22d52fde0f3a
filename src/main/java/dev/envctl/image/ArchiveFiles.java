package dev.envctl.image;

import java.nio.file.Path;

/** What the files of the archive cache are called. */
record ArchiveFiles(Path directory) {
    /** The archive of a platform's manifest. */
    Path archive(Digest manifest) {
        return named(manifest, ".tar");
    }

    /** An index, byte for byte: it leads from the digest in images.lock to the digest of the archive. */
    Path index(Digest index) {
        return named(index, ".index");
    }

    /** Held while the image of that digest is downloaded. */
    Path lock(Digest pinned) {
        return directory.resolve(".locks").resolve(pinned.hex());
    }

    /** Where blobs lie while they are downloaded. */
    Path partial(Digest pinned) {
        return directory.resolve(".partial").resolve(pinned.hex());
    }

    private Path named(Digest digest, String ending) {
        return directory.resolve("sha256-" + digest.hex() + ending);
    }
}
