package dev.envctl.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A sample image as an OCI archive. */
final class SampleArchive {
    private SampleArchive() {}

    static Path write(SampleImage image, Path folder) throws IOException {
        var blobs = Files.createTempDirectory(folder, "blobs");
        Files.write(blobs.resolve(Digest.of(image.config).hex()), image.config);
        Files.write(blobs.resolve(Digest.of(image.layer).hex()), image.layer);
        var content = new ArchiveContent(
                "localhost/team/app:1",
                new Document("sample", image.manifest),
                Platform.ofThisMachine(),
                Blobs.in(blobs));
        var file = blobs.resolve("image.tar");
        try (var stream = Files.newOutputStream(file)) {
            ArchiveWriter.write(content, stream);
        }
        return file;
    }
}
