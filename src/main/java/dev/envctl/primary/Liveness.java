package dev.envctl.primary;

import dev.envctl.environment.EnvironmentDirectory;
import dev.envctl.environment.Past;
import java.nio.file.Files;

/** Whether an environment has a primary. */
public enum Liveness {
    /** A primary holds the lock. */
    ALIVE,
    /** There was one and it did not end in order: something may be left. */
    DEAD,
    /** There is nothing. */
    NONE;

    /** Asks the kernel, not a file: makes nothing and changes nothing. */
    public static Liveness of(EnvironmentDirectory directory) {
        if (Files.exists(directory.lock())) {
            try (var lock = LockFile.open(directory.lock())) {
                if (lock.primaryIsAlive()) {
                    return ALIVE;
                }
            }
        }
        // An end in order removes the record last of all, together with the journal.
        return Past.read(directory).isPresent() || Files.exists(directory.primary()) ? DEAD : NONE;
    }
}
