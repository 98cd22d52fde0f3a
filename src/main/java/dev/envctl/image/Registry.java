package dev.envctl.image;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.readiness.Deadline;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Reads from container registries (OCI distribution specification 1.1, Docker Registry HTTP API V2). What it returns was
 * checked against the digest it was asked for. Failures that may pass are retried until the deadline, others are final at
 * once. Thread-safe.
 */
final class Registry {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    /** At the same time, to all registries together. */
    static final int CONNECTIONS = 8;

    private static final Duration REACHABLE_TRY = Duration.ofMillis(2400);
    private static final int REACHABLE_TRIES = 2;
    /** The most that the specification asks registries to take for a manifest. */
    private static final int DOCUMENT_LIMIT = 4 * 1024 * 1024;

    private static final String MANIFEST_TYPES = String.join(
            ", ", Document.OCI_INDEX, Document.OCI_MANIFEST, Document.DOCKER_INDEX, Document.DOCKER_MANIFEST);

    private final Transport transport;
    private final Authorization authorization;
    private final Retries retries;
    private final Mirrors mirrors;
    private final Offline offline;
    private final Semaphore connections = new Semaphore(CONNECTIONS, true);
    /** Mirrors that did not answer: asking them again before each piece would cost more than they are worth. */
    private final Set<String> silentMirrors = ConcurrentHashMap.newKeySet();

    Registry(Map<String, String> environment, CredentialFiles credentialFiles) {
        this(environment, credentialFiles, PATIENCE, FIRST_PAUSE);
    }

    /**
     * @param patience how long a registry may be silent
     * @param firstPause between the first failure and the second attempt
     */
    Registry(Map<String, String> environment, CredentialFiles credentialFiles, Duration patience, Duration firstPause) {
        this.transport = new Transport(environment, patience);
        this.authorization = new Authorization(transport, credentialFiles);
        this.retries = new Retries(firstPause);
        this.mirrors = new Mirrors(environment);
        this.offline = new Offline(environment);
    }

    /**
     * Why neither a mirror nor the registry itself answers for this repository, after two tries and less than five seconds
     * each; empty if one does. What answers but does not speak like a registry, such as a filtering proxy, does not count.
     */
    Optional<String> unreachable(Repository repository) {
        offline.refuse(repository.host());
        var sources = mirrors.sources(repository);
        for (var mirror : sources.subList(0, sources.size() - 1)) {
            if (silence(mirror).isEmpty()) {
                return Optional.empty();
            }
            silentMirrors.add(mirror.host());
        }
        return silence(repository);
    }

    private Optional<String> silence(Repository repository) {
        var reason = "";
        for (var tries = 0; tries < REACHABLE_TRIES; tries++) {
            var limit = Deadline.in(REACHABLE_TRY);
            try (var response = transport.get(uri(repository, ""), Map.of(), limit)) {
                if (speaksLikeARegistry(response)) {
                    return Optional.empty();
                }
                reason = "%s answered HTTP %d, not like a registry".formatted(response.server(), response.status());
            } catch (PassingFailure e) {
                reason = e.reason();
            } catch (EnvctlException e) {
                if (e.kind() == FailureKind.INTERRUPTED) {
                    throw e;
                }
                return Optional.of("%s %s".formatted(e.problem(), e.remedy()));
            }
        }
        return Optional.of(reason);
    }

    private static boolean speaksLikeARegistry(Response response) {
        return response.status() == 200
                || response.status() == 401
                || response.status() == 429
                || response.header("Docker-Distribution-Api-Version").isPresent();
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
        var sources = mirrors.sources(repository);
        return attempt(sources, "manifests/" + digest, what, deadline, onReason, (source, response) -> {
            var bytes = response.bytes(DOCUMENT_LIMIT, deadline);
            requireDigest(what, source, digest, Digest.of(bytes));
            return new Document(what, bytes);
        });
    }

    /** The configuration of an image. */
    Document config(Repository repository, Descriptor config, Deadline deadline, Consumer<String> onReason) {
        var what = repository + "@" + config.digest();
        var sources = mirrors.sources(repository);
        return attempt(sources, "blobs/" + config.digest(), what, deadline, onReason, (source, response) -> {
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
        var sources = mirrors.sources(repository);
        retries.until(
                deadline,
                "fetch " + repository + "@" + blob.digest(),
                onReason,
                () -> fetch.isComplete() || ask(sources, "blobs/" + blob.digest(), deadline, onReason, fetch));
    }

    private <T> T attempt(
            List<Repository> sources,
            String path,
            String what,
            Deadline deadline,
            Consumer<String> onReason,
            Question<T> question) {
        return retries.until(
                deadline, "fetch " + what, onReason, () -> ask(sources, path, deadline, onReason, question));
    }

    /** Asks one source after the other; what the last one, the registry itself, says is final. */
    private <T> T ask(
            List<Repository> sources, String path, Deadline deadline, Consumer<String> onReason, Question<T> question) {
        for (var mirror : sources.subList(0, sources.size() - 1)) {
            if (!silentMirrors.contains(mirror.host())) {
                try {
                    return ask(mirror, path, deadline, onReason, question);
                } catch (PassingFailure e) {
                    onReason.accept(e.reason());
                } catch (Refused e) {
                    onReason.accept(e.failure().problem());
                }
            }
        }
        try {
            return ask(sources.get(sources.size() - 1), path, deadline, onReason, question);
        } catch (Refused e) {
            throw e.failure();
        }
    }

    private <T> T ask(
            Repository source, String path, Deadline deadline, Consumer<String> onReason, Question<T> question) {
        offline.refuse(source.host());
        awaitConnection(deadline);
        try (var response = request(source, path, question.headers(), deadline, onReason)) {
            if (response.status() == 200 || response.status() == 206) {
                return question.read(source, response);
            }
            throw refused(source, path, response);
        } finally {
            connections.release();
        }
    }

    private void awaitConnection(Deadline deadline) {
        try {
            if (!connections.tryAcquire(deadline.remainingForCall().toMillis(), TimeUnit.MILLISECONDS)) {
                throw new PassingFailure("all connections were busy", null);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Transport.interrupted(e);
        }
    }

    private Response request(
            Repository source, String path, Map<String, String> more, Deadline deadline, Consumer<String> onReason) {
        var uri = uri(source, source.path() + "/" + path);
        var response = transport.get(uri, headers(source, more), deadline);
        if (response.status() != 401) {
            return response;
        }
        try (response) {
            if (!authorization.renew(source, response, deadline, onReason)) {
                throw refused(source, path, response);
            }
        }
        return transport.get(uri, headers(source, more), deadline);
    }

    private Map<String, String> headers(Repository source, Map<String, String> more) {
        var headers = new HashMap<>(authorization.headers(source));
        headers.put("Accept", MANIFEST_TYPES + ", */*;q=0.1");
        headers.putAll(more);
        return headers;
    }

    private static URI uri(Repository source, String path) {
        return URI.create(source.api() + "/v2/" + path);
    }

    private static RuntimeException refused(Repository source, String path, Response response) {
        var passing = PassingStatus.of(response);
        return passing.isPresent() ? passing.get() : Refused.of(source, path, response.status());
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
