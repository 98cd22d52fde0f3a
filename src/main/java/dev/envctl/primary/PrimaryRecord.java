package dev.envctl.primary;

import com.google.gson.Gson;
import dev.envctl.environment.EnvironmentDirectory;
import dev.envctl.environment.HandOff;
import dev.envctl.environment.StateFile;
import dev.envctl.spec.Inputs;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
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
 * @param lock which file it holds, as the file system numbers files; empty where it does not
 */
public record PrimaryRecord(
        long pid,
        String api,
        String token,
        String started,
        String bootId,
        Map<String, String> fingerprint,
        Inputs inputs,
        String lock) {
    public PrimaryRecord {
        if (pid <= 0 || !URI.create(api).isAbsolute()) {
            throw new IllegalArgumentException("no process or no address: %d, %s".formatted(pid, api));
        }
        Objects.requireNonNull(token);
        Objects.requireNonNull(started);
        Objects.requireNonNull(bootId);
        // A primary of an earlier build did not write them: it must still be found, to be ended.
        inputs = Objects.requireNonNullElse(inputs, Inputs.unknown());
        lock = Objects.requireNonNullElse(lock, "");
        fingerprint = java.util.Collections.unmodifiableMap(new TreeMap<>(fingerprint));
    }

    /** What this primary has handed out, and not one before it or that of another folder. */
    public Optional<HandOff> handOff(EnvironmentDirectory directory) {
        return HandOff.read(directory)
                .filter(found ->
                        found.primary().pid() == pid && found.primary().api().equals(api));
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

    /**
     * What the file says, or empty where there is none or it makes no sense. A copied folder's tells of the primary of the
     * folder it was copied from, which must not be asked for anything: that one holds another lock.
     */
    public static Optional<PrimaryRecord> read(Path file) {
        return StateFile.read(file, PrimaryRecord.class)
                .filter(found -> found.lock.isEmpty() || found.lock.equals(lockOf(file.resolveSibling("lock"))));
    }

    /** The number of a file, which a copy does not share, and a moved or mounted one does; empty where there is none. */
    static String lockOf(Path file) {
        try {
            var key = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
            return key == null ? "" : key.toString();
        } catch (IOException e) {
            return "";
        }
    }
}
