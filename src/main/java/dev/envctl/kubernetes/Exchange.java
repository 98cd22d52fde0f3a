package dev.envctl.kubernetes;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.kubernetes.Transport.Request;
import dev.envctl.kubernetes.Transport.Response;
import dev.envctl.readiness.Deadline;
import dev.envctl.readiness.Wait;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/** Sends a request until it gets an answer that repeating would not change. */
final class Exchange {
    /** One attempt never takes longer: a server that is starting may accept a connection and then say nothing. */
    private static final Duration ATTEMPT = Duration.ofSeconds(10);

    private static final Duration PAUSE = Duration.ofMillis(200);

    private final Transport transport;
    private final Wait wait;
    private final Json json;

    Exchange(Transport transport, Wait wait, Json json) {
        this.transport = transport;
        this.wait = wait;
        this.json = json;
    }

    static Duration perAttempt(Deadline deadline) {
        return deadline.atMost(ATTEMPT).remainingForCall();
    }

    /**
     * Repeats what can pass by itself.
     *
     * @param what as it reads before "failed", such as "Applying pod/a"
     * @return any answer but a passing failure
     */
    Response send(String what, Request request, Deadline deadline) {
        while (true) {
            String reason;
            try {
                var response = transport.send(request, perAttempt(deadline));
                var passing = exists(request, response) ? Optional.<String>empty() : passing(response);
                if (passing.isEmpty()) {
                    return response;
                }
                reason = passing.get();
            } catch (IOException e) {
                if (Thread.currentThread().isInterrupted()) {
                    throw new EnvctlException(FailureKind.INTERRUPTED, what + " was interrupted.", "", e);
                }
                reason = reason(e);
            }
            if (deadline.remaining().compareTo(PAUSE) <= 0) {
                throw new EnvctlException(
                        FailureKind.TIMEOUT,
                        "%s failed for %d s: %s"
                                .formatted(what, deadline.limit().toSeconds(), reason),
                        "");
            }
            wait.pause(PAUSE);
        }
    }

    private boolean exists(Request request, Response response) {
        return request.method().equals("POST")
                && response.status() == 409
                && Fields.of(json.read(response.body())).text("reason").equals("AlreadyExists");
    }

    private Optional<String> passing(Response response) {
        var status = response.status();
        if (status == 409 || status == 429 || (status >= 500 && !unknownField(response))) {
            return Optional.of("HTTP %d: %s".formatted(status, reason(response)));
        }
        if (status == 401 || status == 403) {
            var reason = reason(response);
            return settingUp(status, reason) ? Optional.of("HTTP %d: %s".formatted(status, reason)) : Optional.empty();
        }
        return Optional.empty();
    }

    /** Server-side apply answers a field that the kind does not have with 500, where it means 400. */
    private boolean unknownField(Response response) {
        return reason(response).contains("failed to create typed patch object");
    }

    /**
     * We own the cluster and may do everything in it, but kubeadm grants the rights of its administrator only after the
     * server answers (kubernetes#121305), and a namespace gets its default ServiceAccount a moment after it was made
     * (kubernetes#66689).
     */
    private static boolean settingUp(int status, String reason) {
        return status == 401
                || reason.contains(" cannot ")
                || reason.contains("error looking up service account")
                || reason.toLowerCase(Locale.ROOT).contains("not yet ready to handle request");
    }

    /** What a refusal says, on one line. */
    String reason(Response response) {
        var message = Fields.of(json.read(response.body())).text("message");
        return shortened(message.isEmpty() ? response.body() : message);
    }

    static String reason(IOException failure) {
        var message = failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
        if (failure instanceof ConnectException && failure.getCause() != null) {
            return shortened(message + ": " + failure.getCause().getMessage());
        }
        return failure instanceof InterruptedIOException ? "no answer in time (" + message + ")" : shortened(message);
    }

    private static String shortened(String text) {
        var line = text.strip().replaceAll("\\s*\\R\\s*", "; ");
        return line.length() <= 600 ? line : line.substring(0, 600) + "…";
    }
}
