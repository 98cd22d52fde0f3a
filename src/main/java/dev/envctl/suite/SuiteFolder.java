package dev.envctl.suite;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.environment.EnvironmentDirectory;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * Where one suite's log and reports go: a folder that belongs to one run at a time and holds nothing of an earlier one. Only a
 * folder that was made here before is ever emptied.
 */
final class SuiteFolder implements AutoCloseable {
    private static final String MARK = ".envctl-suite";

    private final Path path;
    private final FileChannel mark;

    private SuiteFolder(Path path, FileChannel mark) {
        this.path = path;
        this.mark = mark;
    }

    /** @throws EnvctlException USAGE where it is somebody else's, FAILED where it cannot be written */
    static SuiteFolder claim(Path path) {
        try {
            Files.createDirectories(path);
            var own = path.resolve(MARK);
            if (!Files.exists(own) && !isEmpty(path)) {
                throw new EnvctlException(
                        FailureKind.USAGE,
                        "The folder %s holds files that no suite has written; they would be lost.".formatted(path),
                        "Name another folder with `--reports`.");
            }
            var channel = FileChannel.open(own, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (!locked(channel)) {
                channel.close();
                throw new EnvctlException(
                        FailureKind.USAGE,
                        "Another run is writing to the folder %s.".formatted(path),
                        "Wait for it, or name another folder with `--reports`.");
            }
            empty(path, own);
            return new SuiteFolder(path, channel);
        } catch (IOException e) {
            throw new EnvctlException(
                    FailureKind.FAILED,
                    "The folder %s cannot be used: %s".formatted(path, e),
                    "Name another folder with `--reports`.",
                    e);
        }
    }

    private static boolean locked(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    private static boolean isEmpty(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.findAny().isEmpty();
        }
    }

    private static void empty(Path folder, @Nullable Path kept) throws IOException {
        try (var files = Files.list(folder)) {
            files.filter(file -> !file.equals(kept)).toList().forEach(EnvironmentDirectory::delete);
        }
    }

    Path log() {
        return path.resolve("log.txt");
    }

    /** What was fetched from the container, each under its path there. */
    Path files() {
        return path.resolve("files");
    }

    @Override
    public void close() {
        try {
            mark.close();
        } catch (IOException e) {
            // Nothing was written to it; the lock ends with the process.
            return;
        }
    }
}
