package dev.envctl.primary;

import com.google.gson.Gson;
import com.google.gson.JsonParseException;
import dev.envctl.environment.EnvironmentDirectory;
import dev.envctl.spec.Inputs;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * How to reach a primary: the content of {@code primary.json}, 0600. Whether the primary lives is for the kernel lock to
 * say; pid, start time and boot id are for messages and to recognise a reboot.
 *
 * @param api such as {@code http://127.0.0.1:41233}
 * @param token the owner's
 * @param started ISO 8601
 * @param bootId of the kernel it was started under; empty where the system has none
 * @param fingerprint what the environment was made from, as {@link dev.envctl.spec.Fingerprint} says it
 * @param inputs what that was read from
 */
public record PrimaryRecord(
        long pid,
        String api,
        String token,
        String started,
        String bootId,
        Map<String, String> fingerprint,
        Inputs inputs) {
    public PrimaryRecord {
        Objects.requireNonNull(api);
        Objects.requireNonNull(token);
        Objects.requireNonNull(started);
        Objects.requireNonNull(bootId);
        // A primary of an earlier build did not write them: it must still be found, to be ended.
        inputs = Objects.requireNonNullElse(inputs, Inputs.unknown());
        fingerprint = java.util.Collections.unmodifiableMap(new TreeMap<>(fingerprint));
    }

    /** Of the API; 0 where the address has none. */
    int port() {
        try {
            return Math.max(0, URI.create(api).getPort());
        } catch (IllegalArgumentException e) {
            return 0;
        }
    }

    void write(Path file) {
        EnvironmentDirectory.write(file, new Gson().toJson(this) + "\n");
    }

    /** What the file says, or empty where there is none or it makes no sense. */
    public static Optional<PrimaryRecord> read(Path file) {
        return EnvironmentDirectory.read(file).flatMap(text -> {
            try {
                return Optional.ofNullable(new Gson().fromJson(text, PrimaryRecord.class));
            } catch (JsonParseException e) {
                return Optional.empty();
            } catch (RuntimeException e) {
                // How Gson passes on what the record refuses (Gson 2.x): anything else is a defect.
                if (e.getCause() instanceof NullPointerException) {
                    return Optional.empty();
                }
                throw e;
            }
        });
    }
}
