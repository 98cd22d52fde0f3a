package dev.envctl.image;

import dev.envctl.readiness.Deadline;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/** An answer whose body is read with a limit on its size and on the server's silence. */
final class Response implements AutoCloseable {
    private static final Duration GLANCE = Duration.ofSeconds(1);
    /** Bytes in a second: a server that drips is as good as one that is silent. */
    private static final long SLOWEST = 1024;

    private final HttpResponse<InputStream> response;
    private final Executor threads;
    private final Duration patience;

    Response(HttpResponse<InputStream> response, Executor threads, Duration patience) {
        this.response = response;
        this.threads = threads;
        this.patience = patience;
    }

    int status() {
        return response.statusCode();
    }

    Optional<String> header(String name) {
        return response.headers().firstValue(name);
    }

    List<String> headers(String name) {
        return response.headers().allValues(name);
    }

    String server() {
        return response.uri().getAuthority();
    }

    /** At most {@code limit} bytes of the body. */
    byte[] bytes(int limit, Deadline deadline) {
        var bytes = new ByteArrayOutputStream();
        copyTo(bytes, limit, deadline);
        return bytes.toByteArray();
    }

    /** At most {@code limit} bytes of the body, as text for a message. */
    String text(int limit, Deadline deadline) {
        return new String(bytes(limit, deadline), StandardCharsets.UTF_8);
    }

    /**
     * Copies the body.
     *
     * @param limit stops after so many bytes, even if there are more
     * @return how many bytes were copied
     * @throws PassingFailure if the connection is lost or the server falls silent, or nearly so
     * @throws UncheckedIOException if {@code sink} cannot be written
     */
    long copyTo(OutputStream sink, long limit, Deadline deadline) {
        var copied = new AtomicLong();
        var copying = CompletableFuture.runAsync(() -> copy(sink, limit, copied), threads);
        var lastSeen = 0L;
        var lastGrowth = Deadline.in(patience);
        var window = Deadline.in(patience.multipliedBy(2));
        var atWindow = 0L;
        while (true) {
            try {
                copying.get(millis(deadline), TimeUnit.MILLISECONDS);
                return copied.get();
            } catch (TimeoutException e) {
                var now = copied.get();
                if (now > lastSeen) {
                    lastSeen = now;
                    lastGrowth = Deadline.in(patience);
                }
                if (deadline.passed()) {
                    close();
                    throw new PassingFailure("%s had sent %d bytes when time ran out".formatted(server(), now), e);
                }
                if (lastGrowth.passed()) {
                    close();
                    throw new PassingFailure("%s stopped sending after %d bytes".formatted(server(), now), e);
                }
                if (window.passed()) {
                    if (now - atWindow < SLOWEST * window.limit().toMillis() / 1000) {
                        close();
                        throw new PassingFailure(
                                "%s sent only %d bytes in %s"
                                        .formatted(server(), now - atWindow, Transport.seconds(window.limit())),
                                e);
                    }
                    window = Deadline.in(window.limit());
                    atWindow = now;
                }
            } catch (InterruptedException e) {
                close();
                Thread.currentThread().interrupt();
                throw Transport.interrupted(e);
            } catch (ExecutionException e) {
                if (e.getCause() instanceof RuntimeException failure) {
                    throw failure;
                }
                throw new IllegalStateException("a copy failed in an unforeseen way", e);
            }
        }
    }

    private long millis(Deadline deadline) {
        var glance = patience.compareTo(GLANCE) < 0 ? patience : GLANCE;
        return Math.min(glance.toMillis(), deadline.remainingForCall().toMillis());
    }

    private void copy(OutputStream sink, long limit, AtomicLong copied) {
        var buffer = new byte[64 * 1024];
        while (copied.get() < limit) {
            int count;
            try {
                count = response.body().read(buffer, 0, (int) Math.min(buffer.length, limit - copied.get()));
            } catch (IOException e) {
                throw new PassingFailure(
                        "the connection to %s was lost after %d bytes: %s"
                                .formatted(server(), copied.get(), Transport.reason(e)),
                        e);
            }
            if (count < 0) {
                return;
            }
            try {
                sink.write(buffer, 0, count);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            copied.addAndGet(count);
        }
    }

    @Override
    public void close() {
        try {
            response.body().close();
        } catch (IOException e) {
            // Nothing of it is wanted any more.
            return;
        }
    }
}
