package dev.envctl.service;

import java.security.SecureRandom;
import java.util.Base64;

/** Passwords of 32 letters, digits, hyphens and underscores (192 random bits): safe in URLs, shells and SQL. */
final class RandomPassword {
    private static final int BYTES = 24;

    private final SecureRandom random;

    RandomPassword(SecureRandom random) {
        this.random = random;
    }

    String next() {
        var bytes = new byte[BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
