package dev.envctl.image;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Objects;

/** A folder that is there with everything in it, or not at all. */
final class NewFolder {
    private final Path target;

    /** Fills a folder. */
    @FunctionalInterface
    interface Content {
        void writeTo(LayoutFiles files) throws IOException;
    }

    /** @throws EnvctlException USAGE if there is something already */
    NewFolder(Path target) {
        this.target = target.toAbsolutePath().normalize();
        var isFree = !Files.exists(this.target);
        if (Files.isDirectory(this.target)) {
            try (var files = Files.list(this.target)) {
                isFree = files.findAny().isEmpty();
            } catch (IOException e) {
                throw StoredFile.cannot("read", target, e);
            }
        }
        if (!isFree) {
            throw new EnvctlException(
                    FailureKind.USAGE,
                    "%s is there already, and is no empty folder.".formatted(target),
                    "Name another one, or a file that ends with .tar.");
        }
    }

    void fill(Content content) {
        try {
            var temporary = Files.createTempDirectory(
                    StoredFile.createParent(target), "." + Objects.requireNonNull(target.getFileName()));
            try {
                content.writeTo((name, size, stream) -> {
                    var file = temporary.resolve(name);
                    StoredFile.createParent(file);
                    Files.copy(stream, file);
                    try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                        channel.force(true);
                    }
                });
                Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                StoredFile.removeTree(temporary);
            }
        } catch (IOException e) {
            throw StoredFile.cannot("write", target, e);
        }
    }
}
