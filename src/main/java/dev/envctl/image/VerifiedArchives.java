package dev.envctl.image;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;

/**
 * Remembers which archives were verified. An archive that still has the size and time of then is trusted, because hashing a
 * gigabyte takes seconds of every start; {@code envctl images verify} hashes always.
 */
final class VerifiedArchives {
    private final Path directory;

    /** @param directory where one small JSON file per archive is kept, named by the digest of its manifest */
    VerifiedArchives(Path directory) {
        this.directory = directory;
    }

    /**
     * The digest of an archive's configuration.
     *
     * @param path the archive, which must be there
     * @param manifest the digest of the manifest it must hold
     * @throws dev.envctl.EnvctlException IMAGE if it has to be hashed and is not what it should be
     */
    Digest configOf(Path path, Digest manifest) {
        var remembered = remembered(path, manifest);
        return remembered.isPresent() ? remembered.get() : verify(path, manifest);
    }

    /** Hashes the archive, whatever is remembered. */
    Digest verify(Path path, Digest manifest) {
        var before = stamp(path);
        var config = ArchiveReader.verify(path, manifest);
        remember(before, manifest, config);
        return config;
    }

    /** Notes that an archive was hashed before it came to its place. */
    void remember(Path path, Digest manifest, Digest config) {
        remember(stamp(path), manifest, config);
    }

    private void remember(JsonObject stamp, Digest manifest, Digest config) {
        stamp.addProperty("config", config.value());
        StoredFile.write(record(manifest), stamp.toString().getBytes(StandardCharsets.UTF_8));
    }

    private Optional<Digest> remembered(Path path, Digest manifest) {
        var record = record(manifest);
        if (!Files.isRegularFile(record)) {
            return Optional.empty();
        }
        try {
            var json = JsonParser.parseString(Files.readString(record)).getAsJsonObject();
            var config = new Digest(json.remove("config").getAsString());
            return json.equals(stamp(path)) ? Optional.of(config) : Optional.empty();
        } catch (IOException
                | JsonParseException
                | IllegalStateException
                | IllegalArgumentException
                | NullPointerException e) {
            // A record that cannot be read is worth as much as none: the archive is hashed again.
            return Optional.empty();
        }
    }

    private Path record(Digest manifest) {
        return directory.resolve("sha256-" + manifest.hex() + ".json");
    }

    /** Times as text: a JSON number read back is no longer equal to the one written. */
    private static JsonObject stamp(Path path) {
        try {
            var attributes = Files.readAttributes(path, BasicFileAttributes.class);
            var stamp = new JsonObject();
            stamp.addProperty("path", path.toAbsolutePath().toString());
            stamp.addProperty("size", Long.toString(attributes.size()));
            stamp.addProperty("modified", attributes.lastModifiedTime().toString());
            return stamp;
        } catch (IOException e) {
            throw StoredFile.cannot("read", path, e);
        }
    }
}
