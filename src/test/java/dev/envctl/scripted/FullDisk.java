package dev.envctl.scripted;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.concurrent.atomic.AtomicInteger;

/** Changes of files that the file system refuses: from the n-th on, a number of them. */
final class FullDisk {
    static final FullDisk NEVER = new FullDisk(Integer.MAX_VALUE, 0, false);

    private final int first;
    private final int many;
    private final boolean readOnly;
    private final AtomicInteger changes = new AtomicInteger();

    /**
     * Counts from now on.
     *
     * @param readOnly deleting fails as well, and the words are others
     */
    FullDisk(int first, int many, boolean readOnly) {
        this.first = first;
        this.many = many;
        this.readOnly = readOnly;
    }

    boolean isFullAt(String change) {
        // A full disk lets go what is there.
        if (!readOnly && (change.startsWith("delete ") || change.startsWith("move "))) {
            return false;
        }
        var count = changes.incrementAndGet();
        return count >= first && count - first < many;
    }

    boolean takesAPart(String change) {
        return !readOnly && (change.startsWith("write ") || change.startsWith("journal "));
    }

    IOException failure(String change) {
        return new FileSystemException(change, null, readOnly ? "Read-only file system" : "No space left on device");
    }

    int changes() {
        return changes.get();
    }
}
