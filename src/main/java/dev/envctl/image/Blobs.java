package dev.envctl.image;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where the configuration and the layers of an image are read from. */
@FunctionalInterface
interface Blobs {
    /** The content of a part, from its first byte; closed by the caller. */
    InputStream open(Descriptor part) throws IOException;

    /** Files named by the digits of their digests. */
    static Blobs in(Path folder) {
        return part -> Files.newInputStream(folder.resolve(part.digest().hex()));
    }
}
