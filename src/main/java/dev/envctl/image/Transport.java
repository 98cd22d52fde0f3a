package dev.envctl.image;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.readiness.Deadline;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Sends one HTTP request, bounded from the look-up of the name to the last byte. Follows redirects itself, because the
 * JDK's client takes credentials along to other hosts.
 */
final class Transport {
    private static final int REDIRECTS = 5;

    private final Map<String, String> environment;
    private final Duration patience;
    private final ExecutorService threads = Executors.newCachedThreadPool(Transport::daemon);
    private @Nullable HttpClient client;

    /**
     * @param environment the process environment, for its proxies
     * @param patience how long a server may be silent before the connection counts as lost
     */
    Transport(Map<String, String> environment, Duration patience) {
        this.environment = environment;
        this.patience = patience;
    }

    private static Thread daemon(Runnable task) {
        var thread = new Thread(task, "registry");
        thread.setDaemon(true);
        return thread;
    }

    /** Made at the first request: loading TLS takes longer than everything else an answer from the cache needs. */
    private synchronized HttpClient client() {
        if (client == null) {
            client = HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .proxy(new EnvironmentProxies(environment))
                    .executor(threads)
                    .build();
        }
        return client;
    }

    /**
     * The answer to a GET, whatever its status; the caller closes it.
     *
     * @throws PassingFailure if no answer comes, because of the network, the server or its silence
     */
    Response get(URI uri, Map<String, String> headers, Deadline deadline) {
        var target = uri;
        var own = new HashMap<>(headers);
        for (var hop = 0; hop <= REDIRECTS; hop++) {
            var request = HttpRequest.newBuilder(target).GET();
            own.forEach(request::setHeader);
            var response = send(request, deadline);
            var location = response.header("Location");
            if (!isRedirect(response.status()) || location.isEmpty()) {
                return response;
            }
            response.close();
            var next = target.resolve(location.get());
            if (!sameServer(target, next)) {
                own.remove("Authorization");
            }
            requireNoDowngrade(target, next);
            target = next;
        }
        throw new EnvctlException(
                FailureKind.FAILED,
                "%s redirects more than %d times.".formatted(uri, REDIRECTS),
                "Check the registry.");
    }

    /** The answer to a POST of a form; redirects are not followed. */
    Response post(URI uri, String form, Deadline deadline) {
        var request = HttpRequest.newBuilder(uri)
                .setHeader("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(form));
        return send(request, deadline);
    }

    private Response send(HttpRequest.Builder builder, Deadline deadline) {
        var limit = deadline.remaining().compareTo(patience) < 0 ? deadline.remainingForCall() : patience;
        var request = builder.timeout(limit).setHeader("User-Agent", "envctl").build();
        var server = request.uri().getAuthority();
        var answer = client().sendAsync(request, HttpResponse.BodyHandlers.ofInputStream());
        try {
            // The request's own time-out starts after the look-up of the name: this one counts it too.
            HttpResponse<InputStream> response = answer.get(limit.toMillis(), TimeUnit.MILLISECONDS);
            return new Response(response, threads, patience);
        } catch (InterruptedException e) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            throw interrupted(e);
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw new PassingFailure("%s did not answer within %s".formatted(server, seconds(limit)), e);
        } catch (ExecutionException e) {
            throw failure(server, e.getCause() == null ? e : e.getCause());
        }
    }

    static EnvctlException interrupted(InterruptedException cause) {
        return new EnvctlException(FailureKind.INTERRUPTED, "The exchange with a registry was interrupted.", "", cause);
    }

    private static RuntimeException failure(String server, Throwable cause) {
        for (Throwable link = cause; link != null; link = link.getCause()) {
            if (link instanceof CertificateException) {
                return new EnvctlException(
                        FailureKind.FAILED,
                        "The certificate of %s is not trusted: %s.".formatted(server, link.getMessage()),
                        "Add the authority that issued it to the trust store of this Java installation.",
                        cause);
            }
        }
        if (cause instanceof IOException) {
            return new PassingFailure("%s: %s".formatted(server, reason(cause)), cause);
        }
        throw new IllegalStateException("an exchange with %s failed in an unforeseen way".formatted(server), cause);
    }

    /** The JDK often leaves the message empty: then the name of the exception says more. */
    static String reason(Throwable cause) {
        for (Throwable link = cause; link != null; link = link.getCause()) {
            if (link.getMessage() != null && !link.getMessage().isBlank()) {
                return link.getMessage();
            }
            if (link.getClass().getSimpleName().equals("UnresolvedAddressException")) {
                return "the name cannot be resolved";
            }
        }
        var words =
                cause.getClass().getSimpleName().replaceAll("Exception$", "").replaceAll("(?<!^)([A-Z])", " $1");
        return words.toLowerCase(Locale.ROOT);
    }

    static String seconds(Duration duration) {
        var millis = duration.toMillis();
        return millis % 1000 == 0 ? millis / 1000 + " s" : millis / 1000.0 + " s";
    }

    private static boolean isRedirect(int status) {
        return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
    }

    private static boolean sameServer(URI one, URI other) {
        return one.getScheme().equals(other.getScheme()) && one.getAuthority().equals(other.getAuthority());
    }

    private static void requireNoDowngrade(URI from, URI to) {
        if (from.getScheme().equals("https") && !"https".equals(to.getScheme())) {
            throw new EnvctlException(
                    FailureKind.FAILED,
                    "%s redirects to %s, which is not encrypted.".formatted(from.getAuthority(), to.getAuthority()),
                    "Check the registry: envctl follows no such redirect.");
        }
    }
}
