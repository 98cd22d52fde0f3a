package dev.envctl.image;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/** A layout in a folder. Links are not followed. */
final class LayoutFolder extends Layout {
    private final Path folder;

    LayoutFolder(Path folder) {
        super(folder);
        this.folder = folder;
    }

    @Override
    long size(String name) {
        try {
            return Files.size(ordinary(name));
        } catch (IOException e) {
            throw StoredFile.cannot("read", folder, e);
        }
    }

    @Override
    InputStream open(String name) throws IOException {
        return Files.newInputStream(ordinary(name), LinkOption.NOFOLLOW_LINKS);
    }

    private Path ordinary(String name) {
        var file = folder;
        for (var part : name.split("/", -1)) {
            file = file.resolve(part);
            if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                throw untrusted("lacks " + name);
            }
            if (Files.isSymbolicLink(file)) {
                throw untrusted("has a link at %s".formatted(folder.relativize(file)));
            }
        }
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            throw untrusted("has something at %s that is no ordinary file".formatted(name));
        }
        return file;
    }

    @Override
    public void close() {
        // A folder holds nothing open.
    }
}
