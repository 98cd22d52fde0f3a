package dev.envctl.image;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.readiness.Deadline;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongConsumer;

/**
 * Reads from container registries (OCI distribution specification 1.1, Docker Registry HTTP API V2). What it returns was
 * checked against the digest it was asked for. Failures that may pass are retried until the deadline, others are final at
 * once. Thread-safe.
 */
final class Registry {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final Duration REACHABLE_TRY = Duration.ofMillis(2400);
    private static final int REACHABLE_TRIES = 2;
    /** The most that the specification asks registries to take for a manifest. */
    private static final int DOCUMENT_LIMIT = 4 * 1024 * 1024;

    private static final String MANIFEST_TYPES = String.join(
            ", ", Document.OCI_INDEX, Document.OCI_MANIFEST, Document.DOCKER_INDEX, Document.DOCKER_MANIFEST);

    private final Transport transport;
    private final Authorization authorization;
    private final Retries retries;

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
    }

    /**
     * Why no registry answers for this repository, after two tries and less than five seconds; empty if one does. What
     * answers but does not speak like a registry, such as a filtering proxy, does not count.
     */
    Optional<String> unreachable(Repository repository) {
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
                reason = e.problem();
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

    /** What a tag names now: an index or a manifest. */
    Document tag(Repository repository, String tag, Deadline deadline, Consumer<String> onReason) {
        var what = repository + ":" + tag;
        return attempt(repository, "manifests/" + tag, what, deadline, onReason, response -> {
            var document = new Document(what, response.bytes(DOCUMENT_LIMIT, deadline));
            var claimed = response.header("Docker-Content-Digest").filter(value -> value.startsWith("sha256:"));
            claimed.ifPresent(digest -> requireDigest(what, repository, digest, document.digest()));
            return document;
        });
    }

    /** An index or a manifest by its digest. */
    Document manifest(Repository repository, Digest digest, Deadline deadline, Consumer<String> onReason) {
        var what = repository + "@" + digest;
        return attempt(repository, "manifests/" + digest, what, deadline, onReason, response -> {
            var bytes = response.bytes(DOCUMENT_LIMIT, deadline);
            requireDigest(what, repository, digest.value(), Digest.of(bytes));
            return new Document(what, bytes);
        });
    }

    /** The configuration of an image. */
    Document config(Repository repository, Descriptor config, Deadline deadline, Consumer<String> onReason) {
        var what = repository + "@" + config.digest();
        return attempt(repository, "blobs/" + config.digest(), what, deadline, onReason, response -> {
            var bytes = response.bytes(DOCUMENT_LIMIT, deadline);
            if (bytes.length < config.size()) {
                throw cutShort(response, bytes.length, config);
            }
            requireDigest(what, repository, config.digest().value(), Digest.of(bytes));
            return new Document(what, bytes);
        });
    }

    /**
     * Fetches a layer. The file is only to be used after this returned.
     *
     * @param onBytes told how much of it has come so far, about once a second
     */
    void blob(
            Repository repository,
            Descriptor blob,
            Path file,
            Deadline deadline,
            Consumer<String> onReason,
            LongConsumer onBytes) {
        var what = repository + "@" + blob.digest();
        attempt(repository, "blobs/" + blob.digest(), what, deadline, onReason, response -> {
            var hash = Digest.sha256();
            try (var stream = new DigestOutputStream(Files.newOutputStream(file), hash)) {
                // One byte more than there should be shows that there is too much.
                var size = response.copyTo(stream, blob.size() + 1, deadline, onBytes);
                if (size < blob.size()) {
                    throw cutShort(response, size, blob);
                }
            } catch (IOException e) {
                throw StoredFile.cannot("write", file, e);
            } catch (UncheckedIOException e) {
                throw StoredFile.cannot("write", file, Objects.requireNonNull(e.getCause()));
            }
            requireDigest(what, repository, blob.digest().value(), Digest.of(hash));
            return file;
        });
    }

    private <T> T attempt(
            Repository repository,
            String path,
            String what,
            Deadline deadline,
            Consumer<String> onReason,
            Function<Response, T> reading) {
        return retries.until(deadline, "fetch " + what, onReason, () -> {
            try (var response = request(repository, path, deadline, onReason)) {
                if (response.status() == 200) {
                    return reading.apply(response);
                }
                throw refused(repository, what, response);
            }
        });
    }

    private Response request(Repository repository, String path, Deadline deadline, Consumer<String> onReason) {
        var response = transport.get(uri(repository, repository.path() + "/" + path), headers(repository), deadline);
        if (response.status() != 401) {
            return response;
        }
        try (response) {
            if (!authorization.renew(repository, response, deadline, onReason)) {
                throw refused(repository, repository + " " + path, response);
            }
        }
        return transport.get(uri(repository, repository.path() + "/" + path), headers(repository), deadline);
    }

    private Map<String, String> headers(Repository repository) {
        var headers = new HashMap<>(authorization.headers(repository));
        headers.put("Accept", MANIFEST_TYPES + ", */*;q=0.1");
        return headers;
    }

    private static URI uri(Repository repository, String path) {
        return URI.create(repository.api() + "/v2/" + path);
    }

    private static RuntimeException refused(Repository repository, String what, Response response) {
        var passing = PassingStatus.of(response);
        if (passing.isPresent()) {
            return passing.get();
        }
        return switch (response.status()) {
            case 404 ->
                new EnvctlException(
                        FailureKind.IMAGE,
                        "%s has no %s (HTTP 404).".formatted(repository.host(), what),
                        "If the tag was moved or the image deleted, `envctl images lock` locks what is there now.");
            case 401, 403 ->
                new EnvctlException(
                        FailureKind.IMAGE,
                        "%s does not let us have %s (HTTP %d): it does not exist or needs a login."
                                .formatted(repository.host(), what, response.status()),
                        "Check the name in images.lock, or log in with `podman login %1$s` or `docker login %1$s`."
                                .formatted(repository.host()));
            default ->
                new EnvctlException(
                        FailureKind.IMAGE,
                        "%s answered HTTP %d for %s.".formatted(repository.host(), response.status(), what),
                        "Check whether a proxy answers in its place.");
        };
    }

    private static PassingFailure cutShort(Response response, long size, Descriptor blob) {
        return new PassingFailure("%s sent only %d of %d bytes".formatted(response.server(), size, blob.size()), null);
    }

    private static void requireDigest(String what, Repository repository, String expected, Digest actual) {
        if (!actual.value().equals(expected)) {
            throw new EnvctlException(
                    FailureKind.IMAGE,
                    "%s served other content for %s: expected %s, got %s."
                            .formatted(repository.host(), what, expected, actual),
                    "Do not use this registry or proxy until it is clear why. Nothing of it was kept.");
        }
    }
}
