package dev.envctl.image;

import dev.envctl.Progress;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.TreeSet;

/**
 * What comes over the network for one image: counts it, and tells about once a second how far it is and how fast.
 * Thread-safe.
 */
final class Traffic {
    private static final long EVERY = Duration.ofSeconds(1).toNanos();

    private final String phase;
    private final Progress progress;
    private final TreeSet<String> sources = new TreeSet<>();
    private long expected;
    private long here;
    private long received;
    private long toldAt = System.nanoTime();
    private long toldBytes;

    /** @param phase the name under which progress is told */
    Traffic(String phase, Progress progress) {
        this.phase = phase;
        this.progress = progress;
    }

    /** @param bytes how much there is to come in all */
    synchronized void expect(long bytes) {
        expected = bytes;
    }

    /** So much need not come, because it is here. */
    synchronized void here(long bytes) {
        here += bytes;
    }

    synchronized void received(Repository source, long bytes) {
        sources.add(source.host());
        received += bytes;
        var passed = System.nanoTime() - toldAt;
        if (passed >= EVERY) {
            progress.waiting(
                    phase,
                    "%.1f of %.1f MB, %.1f MB/s"
                            .formatted(
                                    Math.min(here + received, expected) / 1e6,
                                    expected / 1e6,
                                    (received - toldBytes) * 1e3 / passed));
            toldAt = System.nanoTime();
            toldBytes = received;
        }
    }

    /** Counts what is written. */
    OutputStream counted(Repository source, OutputStream stream) {
        return new FilterOutputStream(stream) {
            @Override
            public void write(byte[] bytes, int start, int length) throws IOException {
                out.write(bytes, start, length);
                received(source, length);
            }
        };
    }

    /** How many bytes came in all, those that had to come twice included. */
    synchronized long bytes() {
        return received;
    }

    /** Which registries and mirrors sent something, by their hosts. */
    synchronized List<String> sources() {
        return List.copyOf(sources);
    }
}
