package dev.envctl.suite;

import dev.envctl.kubernetes.ObjectReference;
import dev.envctl.kubernetes.PodStreams;
import dev.envctl.readiness.Deadline;
import dev.envctl.readiness.Wait;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Follows what a suite writes, on a thread of its own: byte for byte into a file, and line by line to whoever looks on. Where
 * the connection breaks it goes on behind what it has; where a kubelet may have rotated that away (it keeps 10 MiB in one
 * piece), some may be missing or there twice, and that is told.
 */
final class SuiteLog implements AutoCloseable {
    private static final Duration PAUSE = Duration.ofMillis(200);
    /** How long after the end of the container its last words may take. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(10);

    /** How much later than the log's end the container's may be known. */
    private static final Duration HEARSAY = Duration.ofSeconds(3);

    private static final long ONE_PIECE = 10 << 20;
    /** Of the file: a suite that only writes must not fill the disk. */
    private static final long MOST = 1 << 30;

    private final PodStreams streams;
    private final Wait waits;
    private final ObjectReference pod;
    private final Deadline deadline;
    private final Thread thread;
    private volatile boolean ended;
    private volatile boolean closed;
    private volatile @Nullable InputStream open;
    private volatile String trouble = "";
    private long had;

    /** Begins to follow. */
    SuiteLog(Cluster cluster, ObjectReference pod, Path file, Consumer<String> lines, Deadline deadline) {
        this.streams = cluster.streams();
        this.waits = cluster.waits();
        this.pod = pod;
        this.deadline = deadline;
        this.thread = new Thread(() -> run(file, lines), "log of " + pod.name());
        thread.setDaemon(true);
        thread.start();
    }

    /** Waits until all that the ended container wrote is here; why it is not all, or empty. */
    String last() {
        ended = true;
        try {
            thread.join(LAST_WORDS.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "interrupted";
        }
        return thread.isAlive() ? "its log did not end" : trouble;
    }

    private void run(Path file, Consumer<String> lines) {
        try (var whole = Files.newOutputStream(file);
                var shown = new LogLines(lines)) {
            while (!closed && !deadline.passed() && !(follow(whole, shown) && isOver())) {
                waits.pause(PAUSE);
            }
        } catch (IOException e) {
            trouble = "its log could not be written: " + e;
        } catch (RuntimeException e) {
            trouble = "its log could not be followed: " + e.getMessage();
        }
    }

    /** A log ends with its container, or where the connection is closed in the middle. */
    private boolean isOver() {
        var until = deadline.atMost(HEARSAY);
        while (!ended && !closed && !until.passed()) {
            waits.pause(PAUSE);
        }
        return ended;
    }

    /** Whether it was read to its end. */
    private boolean follow(OutputStream whole, OutputStream shown) throws IOException {
        InputStream stream;
        try {
            stream = streams.log(pod, SuiteObjects.SUITE, deadline);
            open = stream;
            skip(stream);
        } catch (IOException e) {
            // Of a pod that is gone there is none any more.
            return ended;
        }
        try (stream) {
            var buffer = new byte[16 << 10];
            while (true) {
                int length;
                try {
                    length = stream.read(buffer);
                } catch (IOException e) {
                    return false;
                }
                if (length < 0) {
                    return true;
                }
                if (had < MOST) {
                    whole.write(buffer, 0, length);
                } else {
                    trouble = "its log is longer than 1 GiB: the rest is not kept";
                }
                shown.write(buffer, 0, length);
                had += length;
            }
        } finally {
            open = null;
        }
    }

    private void skip(InputStream stream) throws IOException {
        if (had < ONE_PIECE && isSkipped(stream)) {
            return;
        }
        trouble = "the connection to its log broke after %d bytes: some may be missing or there twice".formatted(had);
    }

    private boolean isSkipped(InputStream stream) throws IOException {
        try {
            stream.skipNBytes(had);
            return true;
        } catch (EOFException e) {
            return false;
        }
    }

    @Override
    public void close() {
        closed = true;
        var stream = open;
        if (stream != null) {
            try {
                stream.close();
            } catch (IOException e) {
                return;
            }
        }
    }
}
