package dev.envctl.machine;

import java.time.Duration;

/** Something envctl can do to the machine. Doing it again does no harm; equal mends are done once. */
sealed interface Mend permits InstallPackages, ConfigurePodman, SetKernelParameters, MakeFolder, InstallKind {
    /** The phase it is shown as, a verb phrase. */
    String phase();

    /** Names what it will do, before it is done. */
    String sentence();

    /** About how long it takes. */
    Duration estimate();

    /** Whether what it needs may have to be fetched first. */
    default boolean needsNetwork() {
        return false;
    }

    /**
     * Does it.
     *
     * @throws dev.envctl.EnvctlException where it cannot be done
     */
    void perform(Workshop workshop);
}
