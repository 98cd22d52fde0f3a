package dev.envctl.image;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * The name of content by its SHA-256.
 *
 * @param value {@code sha256:} and 64 lower-case hexadecimal digits
 */
public record Digest(String value) {
    private static final Pattern SHAPE = Pattern.compile("sha256:[0-9a-f]{64}");

    public Digest {
        if (!SHAPE.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    "`%s` is no digest: sha256: and 64 hexadecimal digits are needed".formatted(value));
        }
    }

    static Digest of(byte[] content) {
        return ofHash(sha256().digest(content));
    }

    /** What {@code hash} has seen so far; resets it. */
    static Digest of(MessageDigest hash) {
        return ofHash(hash.digest());
    }

    /** Of everything up to the end of a stream. */
    static Digest of(InputStream content) throws IOException {
        var hash = sha256();
        var buffer = new byte[256 * 1024];
        for (var count = content.read(buffer); count >= 0; count = content.read(buffer)) {
            hash.update(buffer, 0, count);
        }
        return of(hash);
    }

    private static Digest ofHash(byte[] hash) {
        return new Digest("sha256:" + HexFormat.of().formatHex(hash));
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** The 64 hexadecimal digits. */
    public String hex() {
        return value.substring("sha256:".length());
    }

    @Override
    public String toString() {
        return value;
    }
}
