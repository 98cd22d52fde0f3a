package dev.envctl.image;

import com.google.gson.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * A pointer from one document of an image to another, as the OCI image specification has it.
 *
 * @param size in bytes
 * @param platform where the document that holds this names one
 */
record Descriptor(
        String mediaType,
        Digest digest,
        long size,
        @Nullable Platform platform) {
    Descriptor {
        if (size < 0) {
            throw new IllegalArgumentException("the size of %s is negative: %d".formatted(digest, size));
        }
    }

    static Descriptor parse(JsonObject json) {
        var platform = json.has("platform") ? json.getAsJsonObject("platform") : null;
        return new Descriptor(
                json.has("mediaType") ? json.get("mediaType").getAsString() : "",
                new Digest(json.get("digest").getAsString()),
                json.get("size").getAsLong(),
                platform == null ? null : platform(platform));
    }

    static Platform platform(JsonObject json) {
        return new Platform(
                json.get("os").getAsString(), json.get("architecture").getAsString());
    }

    JsonObject json() {
        var json = new JsonObject();
        json.addProperty("mediaType", mediaType);
        json.addProperty("digest", digest.value());
        json.addProperty("size", size);
        return json;
    }
}
