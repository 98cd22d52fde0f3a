package dev.envctl.image;

import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.readiness.Deadline;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Answers a registry's challenges: anonymously, or with the user's own credentials. The token exchange is Docker's
 * (distribution.github.io/distribution/spec/auth/token). Thread-safe; what was granted is remembered per repository.
 */
final class Authorization {
    private static final int TOKEN_LIMIT = 1024 * 1024;

    private final Transport transport;
    private final CredentialFiles credentialFiles;
    private final Map<Repository, String> granted = new ConcurrentHashMap<>();

    Authorization(Transport transport, CredentialFiles credentialFiles) {
        this.transport = transport;
        this.credentialFiles = credentialFiles;
    }

    /** The headers that were granted before, if any. */
    Map<String, String> headers(Repository repository) {
        var header = granted.get(repository);
        return header == null ? Map.of() : Map.of("Authorization", header);
    }

    /**
     * Asks for what the challenge of a 401 demands; tokens expire, so this may happen again and again.
     *
     * @return whether there is something new to try
     */
    boolean renew(Repository repository, Response refused, Deadline deadline, Consumer<String> note) {
        granted.remove(repository);
        var challenge = Challenge.choose(refused.headers("WWW-Authenticate"));
        if (challenge.isEmpty()) {
            return false;
        }
        var credentials = credentialFiles.find(repository, note);
        var header = challenge.get().scheme().equals("bearer")
                ? Optional.of("Bearer " + token(repository, challenge.get(), credentials, deadline))
                : credentials.map(Credentials::basic);
        header.ifPresent(value -> granted.put(repository, value));
        return header.isPresent();
    }

    private String token(
            Repository repository, Challenge challenge, Optional<Credentials> credentials, Deadline deadline) {
        var realm = realm(repository, challenge);
        var parameters = new HashMap<String, String>();
        challenge.parameter("service").ifPresent(service -> parameters.put("service", service));
        parameters.put("scope", challenge.parameter("scope").orElse("repository:%s:pull".formatted(repository.path())));
        try (var response = ask(realm, parameters, credentials, deadline)) {
            if (response.status() != 200) {
                throw refused(repository, credentials, response);
            }
            var json =
                    JsonParser.parseString(response.text(TOKEN_LIMIT, deadline)).getAsJsonObject();
            return json.get(json.has("token") ? "token" : "access_token").getAsString();
        } catch (JsonParseException | IllegalStateException | NullPointerException e) {
            throw new EnvctlException(
                    FailureKind.FAILED,
                    "%s, which issues tokens for %s, sent no token.".formatted(realm.getAuthority(), repository.host()),
                    "Check whether a proxy answers in its place.",
                    e);
        }
    }

    private Response ask(
            URI realm, Map<String, String> parameters, Optional<Credentials> credentials, Deadline deadline) {
        if (credentials.isPresent() && credentials.get().identityToken()) {
            parameters.put("grant_type", "refresh_token");
            parameters.put("client_id", "envctl");
            parameters.put("refresh_token", credentials.get().secret());
            return transport.post(realm, form(parameters), deadline);
        }
        var query = (realm.getRawQuery() == null ? "?" : "&") + form(parameters);
        var headers = credentials.map(known -> Map.of("Authorization", known.basic()));
        return transport.get(URI.create(realm + query), headers.orElse(Map.of()), deadline);
    }

    /** Credentials go only where they cannot be read on the way. */
    private static URI realm(Repository repository, Challenge challenge) {
        var realm = challenge.parameter("realm").orElse("");
        try {
            var uri = URI.create(realm);
            var local = uri.getHost() != null
                    && Repository.isLoopback(uri.getHost())
                    && repository.api().getScheme().equals("http");
            if (uri.getHost() != null && ("https".equals(uri.getScheme()) || local)) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            // No address at all: refused like an unsafe one.
        }
        throw new EnvctlException(
                FailureKind.FAILED,
                "%s asks for a token from `%s`, which is no encrypted address.".formatted(repository.host(), realm),
                "Check the registry: envctl sends no credentials there.");
    }

    private static RuntimeException refused(
            Repository repository, Optional<Credentials> credentials, Response response) {
        var passing = PassingStatus.of(response);
        if (passing.isPresent()) {
            return passing.get();
        }
        var who = credentials.map(Credentials::toString).orElse("an anonymous request");
        return new Refused(new EnvctlException(
                FailureKind.IMAGE,
                "%s refuses %s for %s (HTTP %d).".formatted(response.server(), who, repository, response.status()),
                "Log in with `podman login %1$s` or `docker login %1$s`; `podman logout %1$s` if the stored password is old."
                        .formatted(repository.host())));
    }

    private static String form(Map<String, String> parameters) {
        var form = new StringBuilder();
        new java.util.TreeMap<>(parameters)
                .forEach((name, value) -> form.append(form.isEmpty() ? "" : "&")
                        .append(name)
                        .append('=')
                        .append(URLEncoder.encode(value, StandardCharsets.UTF_8)));
        return form.toString();
    }
}
