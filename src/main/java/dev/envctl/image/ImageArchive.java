package dev.envctl.image;

import java.nio.file.Path;

/**
 * An image on this machine: an OCI archive (tar) of one platform's manifest with the blobs as they were made, so that its
 * digests hold wherever it is imported.
 *
 * @param name what environments call it
 * @param repository fully qualified; of the stand-in where it is one
 * @param tag for people, and what the archive calls the image: {@code repository:tag}
 * @param digest of the manifest in the archive
 * @param configDigest of the image's configuration, which engines use as the image's id
 * @param path the archive
 * @param standIn whether a recipe of this machine built it in place of the locked image
 */
public record ImageArchive(
        String name, String repository, String tag, Digest digest, Digest configDigest, Path path, boolean standIn) {

    /** {@code repository@digest}, which every engine takes. */
    public String reference() {
        return repository + "@" + digest;
    }

    /** {@code repository:tag}, the name an engine gives it on loading the archive. */
    public String tagged() {
        return repository + ":" + tag;
    }
}
