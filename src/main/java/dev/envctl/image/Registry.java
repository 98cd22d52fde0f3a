package dev.envctl.image;

import dev.envctl.readiness.Deadline;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Reads from container registries (OCI distribution specification 1.1, Docker Registry HTTP API V2). What it returns was
 * checked against the digest it was asked for. Failures that may pass are retried until the deadline, others are final at
 * once. Thread-safe.
 */
final class Registry {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    /** The most that the specification asks registries to take for a manifest. */
    private static final int DOCUMENT_LIMIT = 4 * 1024 * 1024;

    private final Sources sources;
    private final Retries retries;

    Registry(Map<String, String> environment, CredentialFiles credentialFiles) {
        this(environment, credentialFiles, PATIENCE, FIRST_PAUSE);
    }

    /**
     * @param patience how long a registry may be silent
     * @param firstPause between the first failure and the second attempt
     */
    Registry(Map<String, String> environment, CredentialFiles credentialFiles, Duration patience, Duration firstPause) {
        this.sources = new Sources(environment, credentialFiles, patience);
        this.retries = new Retries(firstPause);
    }

    /** Why neither a mirror nor the registry itself answers for this repository; empty if one does. */
    Optional<String> unreachable(Repository repository) {
        return sources.unreachable(repository);
    }

    /** Why the registry itself does not answer, whatever its mirrors do. */
    Optional<String> silent(Repository repository) {
        return sources.silence(repository);
    }

    /** What a tag names now: an index or a manifest. No mirror is asked. */
    Document tag(Repository repository, String tag, Deadline deadline, Consumer<String> onReason) {
        var what = repository + ":" + tag;
        return attempt(List.of(repository), "manifests/" + tag, what, deadline, onReason, (source, response) -> {
            var document = new Document(what, response.bytes(DOCUMENT_LIMIT, deadline));
            var claimed = response.header("Docker-Content-Digest").filter(value -> value.startsWith("sha256:"));
            if (claimed.isPresent() && !claimed.get().equals(document.digest().value())) {
                throw BlobDownload.otherContent(source.host(), what, claimed.get(), document.digest());
            }
            return document;
        });
    }

    /** An index or a manifest by its digest. */
    Document manifest(Repository repository, Digest digest, Deadline deadline, Consumer<String> onReason) {
        var what = repository + "@" + digest;
        return attempt(sources.of(repository), "manifests/" + digest, what, deadline, onReason, (source, response) -> {
            var bytes = response.bytes(DOCUMENT_LIMIT, deadline);
            requireDigest(what, source, digest, Digest.of(bytes));
            return new Document(what, bytes);
        });
    }

    /** The configuration of an image. */
    Document config(Repository repository, Descriptor config, Deadline deadline, Consumer<String> onReason) {
        var what = repository + "@" + config.digest();
        return attempt(
                sources.of(repository), "blobs/" + config.digest(), what, deadline, onReason, (source, response) -> {
                    var bytes = response.bytes(DOCUMENT_LIMIT, deadline);
                    if (bytes.length < config.size()) {
                        throw cutShort(response, bytes.length, config.size());
                    }
                    requireDigest(what, source, config.digest(), Digest.of(bytes));
                    return new Document(what, bytes);
                });
    }

    /**
     * Fetches what a file still lacks of a piece of a blob, and checks no more than its size. A server that does not send
     * parts is let send everything when it is asked for the first piece.
     */
    void piece(
            Repository repository,
            Descriptor blob,
            Piece piece,
            Path file,
            Deadline deadline,
            Consumer<String> onReason,
            Traffic traffic) {
        var fetch = new PieceFetch(blob, piece, file, deadline, traffic);
        var asked = sources.of(repository);
        retries.until(
                deadline,
                "fetch " + repository + "@" + blob.digest(),
                onReason,
                () -> fetch.isComplete() || sources.ask(asked, "blobs/" + blob.digest(), deadline, onReason, fetch));
    }

    private <T> T attempt(
            List<Repository> asked,
            String path,
            String what,
            Deadline deadline,
            Consumer<String> onReason,
            Question<T> question) {
        return retries.until(
                deadline, "fetch " + what, onReason, () -> sources.ask(asked, path, deadline, onReason, question));
    }

    static PassingFailure cutShort(Response response, long size, long expected) {
        return new PassingFailure("%s sent only %d of %d bytes".formatted(response.server(), size, expected), null);
    }

    private static void requireDigest(String what, Repository source, Digest expected, Digest actual) {
        if (!actual.equals(expected)) {
            throw BlobDownload.otherContent(source.host(), what, expected.value(), actual);
        }
    }
}
