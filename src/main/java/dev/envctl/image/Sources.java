package dev.envctl.image;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.readiness.Deadline;
import java.net.URI;
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

/** Asks mirrors and registries, a few questions at a time. Thread-safe. */
final class Sources {
    /** At the same time, to all registries together. */
    static final int CONNECTIONS = 8;

    private static final Duration REACHABLE_TRY = Duration.ofMillis(2400);
    private static final int REACHABLE_TRIES = 2;

    private static final String MANIFEST_TYPES = String.join(
            ", ", Document.OCI_INDEX, Document.OCI_MANIFEST, Document.DOCKER_INDEX, Document.DOCKER_MANIFEST);

    private final Transport transport;
    private final Authorization authorization;
    private final Mirrors mirrors;
    private final Offline offline;
    private final Semaphore connections = new Semaphore(CONNECTIONS, true);
    /** Mirrors that did not answer at first: asking them before each piece would cost more than they are worth. */
    private final Set<String> silentMirrors = ConcurrentHashMap.newKeySet();

    /** @param patience how long a server may be silent */
    Sources(Map<String, String> environment, CredentialFiles credentialFiles, Duration patience) {
        this.transport = new Transport(environment, patience);
        this.authorization = new Authorization(transport, credentialFiles);
        this.mirrors = new Mirrors(environment);
        this.offline = new Offline(environment);
    }

    /** Where content may be fetched from: mirrors first, the repository itself last. */
    List<Repository> of(Repository repository) {
        return mirrors.sources(repository);
    }

    /**
     * Why neither a mirror nor the registry itself answers for this repository, after two tries and less than five seconds
     * each; empty if one does. What answers but does not speak like a registry, such as a filtering proxy, does not count.
     */
    Optional<String> unreachable(Repository repository) {
        var sources = mirrors.sources(repository);
        for (var mirror : sources.subList(0, sources.size() - 1)) {
            if (silence(mirror).isEmpty()) {
                return Optional.empty();
            }
            silentMirrors.add(mirror.host());
        }
        return silence(repository);
    }

    /** Why a server does not answer; empty if it does. */
    Optional<String> silence(Repository repository) {
        offline.refuse(repository.host());
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

    /** Asks one source after the other; what the last one, the registry itself, says is final. */
    <T> T ask(
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
}
