package dev.envctl.primary;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The bearer tokens that the API knows: one of the owner, one of each lease. Thread-safe. */
final class Tokens {
    private static final int BYTES = 32;
    private static final String SCHEME = "Bearer ";

    private final SecureRandom random;
    private final String owner;
    private final Map<Integer, String> workers = new ConcurrentHashMap<>();

    Tokens(SecureRandom random) {
        this.random = random;
        this.owner = next();
    }

    String owner() {
        return owner;
    }

    /** A new token for a lease; the one it had before is worth nothing any more. */
    String issue(int worker) {
        var token = next();
        workers.put(worker, token);
        return token;
    }

    /** What an earlier primary issued: whoever has it need not notice that there is another primary. */
    void restore(int worker, String token) {
        workers.put(worker, token);
    }

    void revoke(int worker) {
        workers.remove(worker);
    }

    /** @param authorization the value of the header {@code Authorization} */
    Optional<Caller> caller(String authorization) {
        if (!authorization.startsWith(SCHEME)) {
            return Optional.empty();
        }
        var token = authorization.substring(SCHEME.length());
        if (same(token, owner)) {
            return Optional.of(new Caller.Owner());
        }
        return workers.entrySet().stream()
                .filter(worker -> same(token, worker.getValue()))
                .findFirst()
                .map(worker -> new Caller.Worker(worker.getKey()));
    }

    /** In a time that does not tell how much of it is right. */
    private static boolean same(String one, String other) {
        return MessageDigest.isEqual(one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
    }

    private String next() {
        var bytes = new byte[BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
