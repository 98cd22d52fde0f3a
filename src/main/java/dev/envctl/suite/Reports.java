package dev.envctl.suite;

import dev.envctl.kubernetes.ObjectReference;
import dev.envctl.kubernetes.PodStreams;
import dev.envctl.readiness.Deadline;
import dev.envctl.spec.ReportPath;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/**
 * Fetches what a suite wrote, as one tar from the container that keeps it, and unpacks it. Whatever is in the tar, only
 * regular files with plain names are written, only below one folder, and only so much.
 */
final class Reports {
    private static final long MOST_BYTES = 256L << 20;
    private static final int MOST_FILES = 10_000;
    private static final List<String> PACK = List.of("tar", "-c", "-f", "-", "-C", ReportFolders.IN_KEEPER, ".");

    private final List<ReportPath> wanted;
    private final ReportFolders folders;

    Reports(List<ReportPath> wanted) {
        this.wanted = List.copyOf(wanted);
        this.folders = ReportFolders.of(wanted);
    }

    /**
     * Brings them here.
     *
     * @param target gets each under its path in the suite's container; need not be there
     * @param found gets the files, in the order of their paths; those that came whole also where others did not
     * @throws IOException why they could not be had whole
     */
    void fetch(PodStreams streams, ObjectReference pod, Path target, Deadline deadline, List<Path> found)
            throws IOException {
        Files.createDirectories(target);
        var tar = target.resolveSibling("files.tar");
        try {
            try (var stream = new Bounded(new BufferedOutputStream(Files.newOutputStream(tar)))) {
                streams.execute(pod, SuiteObjects.KEEPER, PACK, stream, deadline);
            } catch (IOException e) {
                // Such as a file that changed while it was read, where the suite had to be stopped.
                unpackSome(tar, target, found, e);
                throw e;
            }
            unpack(tar, target, found);
        } finally {
            Files.deleteIfExists(tar);
        }
    }

    private void unpackSome(Path tar, Path target, List<Path> found, IOException why) {
        try {
            unpack(tar, target, found);
        } catch (IOException e) {
            why.addSuppressed(e);
        }
    }

    void unpack(Path tar, Path target, List<Path> found) throws IOException {
        try (var entries = new TarArchiveInputStream(new BufferedInputStream(Files.newInputStream(tar)), "UTF-8")) {
            for (var entry = entries.getNextEntry(); entry != null; entry = entries.getNextEntry()) {
                if (!isFile(entry)) {
                    continue;
                }
                var inSuite = place(entry.getName());
                if (wanted.stream().noneMatch(path -> path.matches(inSuite))) {
                    continue;
                }
                if (found.size() == MOST_FILES) {
                    throw new IOException("there are more than %d files".formatted(MOST_FILES));
                }
                var file = target.resolve(inSuite.substring(1));
                Files.createDirectories(file.getParent());
                copy(entries, file);
                found.add(file);
            }
        } catch (IllegalArgumentException e) {
            throw new IOException(e.getMessage(), e);
        }
        found.sort(null);
    }

    /** Whole or not at all. */
    private static void copy(TarArchiveInputStream entries, Path file) throws IOException {
        try (var stream = Files.newOutputStream(file, StandardOpenOption.CREATE_NEW)) {
            entries.transferTo(stream);
        } catch (IOException e) {
            Files.deleteIfExists(file);
            throw e;
        }
    }

    /** Links and devices are left where they are. */
    private static boolean isFile(TarArchiveEntry entry) {
        return entry.isFile()
                && !entry.isSymbolicLink()
                && !entry.isLink()
                && !entry.isSparse()
                && !entry.isCharacterDevice()
                && !entry.isBlockDevice()
                && !entry.isFIFO();
    }

    /** The path in the suite's container. */
    private String place(String name) throws IOException {
        var plain = name.startsWith("./") ? name.substring(2) : name;
        for (var part : plain.split("/", -1)) {
            if (part.isEmpty()
                    || part.equals(".")
                    || part.equals("..")
                    || part.chars().anyMatch(Character::isISOControl)) {
                throw new IOException("a file is called " + name.replaceAll("\\p{Cntrl}", "?"));
            }
        }
        return folders.inSuite(plain);
    }

    private static final class Bounded extends OutputStream {
        private final OutputStream inner;
        private long left = MOST_BYTES;

        Bounded(OutputStream inner) {
            this.inner = inner;
        }

        @Override
        public void write(int one) throws IOException {
            take(1);
            inner.write(one);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            take(length);
            inner.write(bytes, offset, length);
        }

        private void take(int length) throws IOException {
            left -= length;
            if (left < 0) {
                throw new IOException("they are more than %d MiB".formatted(MOST_BYTES >> 20));
            }
        }

        @Override
        public void close() throws IOException {
            inner.close();
        }
    }
}
