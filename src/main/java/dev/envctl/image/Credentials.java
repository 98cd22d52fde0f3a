package dev.envctl.image;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * What the user's own tools know about a registry.
 *
 * @param identityToken whether the secret is a token to be exchanged for others, not a password
 * @param source the file or program that had it, for messages
 */
record Credentials(String user, String secret, boolean identityToken, String source) {
    /** The value of an Authorization header. */
    String basic() {
        var pair = user + ":" + secret;
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }

    /** Leaves the secret out. */
    @Override
    public String toString() {
        return "credentials from " + source;
    }
}
