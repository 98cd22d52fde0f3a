package dev.envctl.image;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/**
 * What a recipe made: an {@code image.json} and beside it the {@code image.tar}.
 *
 * @param recipe the hash of the recipe's content
 * @param archiveSize of the archive, in bytes
 * @param archive an OCI archive of one manifest
 */
record BuiltImage(
        String name,
        String repository,
        String tag,
        Digest digest,
        Digest configDigest,
        String recipe,
        Platform platform,
        long archiveSize,
        Path archive) {

    static BuiltImage read(Path file) {
        try {
            var json = JsonParser.parseString(Files.readString(file)).getAsJsonObject();
            return new BuiltImage(
                    text(json, "name"),
                    text(json, "repository"),
                    text(json, "tag"),
                    new Digest(text(json, "digest")),
                    new Digest(text(json, "configDigest")),
                    text(json, "recipe"),
                    Platform.parse(text(json, "platform")),
                    json.get("size").getAsLong(),
                    file.resolveSibling("image.tar"));
        } catch (IOException e) {
            throw StoredFile.cannot("read", file, e);
        } catch (JsonParseException
                | IllegalStateException
                | IllegalArgumentException
                | ClassCastException
                | NullPointerException e) {
            throw new EnvctlException(
                    FailureKind.IMAGE,
                    "%s does not describe a built image: %s.".formatted(file, e.getMessage()),
                    "Delete %s and run `envctl setup`.".formatted(file.getParent()),
                    e);
        }
    }

    /** As {@link #read} reads it. */
    JsonObject json() {
        var json = new JsonObject();
        json.addProperty("name", name);
        json.addProperty("repository", repository);
        json.addProperty("tag", tag);
        json.addProperty("digest", digest.value());
        json.addProperty("configDigest", configDigest.value());
        json.addProperty("recipe", recipe);
        json.addProperty("platform", platform.toString());
        json.addProperty("size", archiveSize);
        return json;
    }

    private static String text(JsonObject json, String key) {
        return Objects.requireNonNull(json.get(key), "`%s` is missing".formatted(key))
                .getAsString();
    }
}
