package dev.envctl.process;

import java.util.List;
import java.util.Set;

/**
 * Programs that an earlier, killed process of ours started and that still run. {@link LeftoverPrograms} is the real one;
 * tests script a fake.
 */
public interface Leftovers {
    /**
     * Ends every process that runs one of {@code programs} and has an argument containing {@code marker}; looks again until
     * there is none, because a program may have started another just before it ended. Programs are asked politely first.
     *
     * @param programs names without folders, such as {@code kind}
     * @param marker something unique, such as a cluster's name
     * @return the processes that were ended, as text
     */
    List<String> end(Set<String> programs, String marker);

    /**
     * Ends such processes at once: for those that wait for something that is gone and would not be asked.
     *
     * @return the processes that were ended, as text
     */
    List<String> kill(Set<String> programs, String marker);
}
