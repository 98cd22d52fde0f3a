package dev.envctl.primary;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Whose a lock is, as Linux tells it. */
final class KernelLocks {
    private static final Path ALL = Path.of("/proc/locks");
    /** Columns of /proc/locks, such as {@code 7: POSIX ADVISORY WRITE 4711 fe:00:1234 19088743 19088743}. */
    private static final int HOLDER = 4;

    private static final int FIRST = 6;
    private static final int LAST = 7;

    private KernelLocks() {}

    /**
     * The process that holds a lock on one byte. Of which file is not asked: a layered file system shows another number there,
     * and nobody else locks a byte that was drawn by lot.
     */
    static Optional<Long> holder(long offset) {
        try {
            return holder(Files.readAllLines(ALL), offset);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    static Optional<Long> holder(List<String> locks, long offset) {
        var wanted = Long.toString(offset);
        return locks.stream()
                .map(line -> Arrays.asList(line.strip().split(" +", -1)))
                // One that only waits for it has an arrow before its columns.
                .filter(columns -> columns.size() > LAST
                        && columns.get(FIRST).equals(wanted)
                        && columns.get(LAST).equals(wanted)
                        && columns.get(HOLDER).matches("[1-9][0-9]{0,9}"))
                .map(columns -> Long.parseLong(columns.get(HOLDER)))
                .findFirst();
    }
}
