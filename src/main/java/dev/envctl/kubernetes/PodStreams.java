package dev.envctl.kubernetes;

import dev.envctl.readiness.Deadline;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;

/** What flows out of the containers of pods, byte for byte. Safe to use from several threads. */
public interface PodStreams extends AutoCloseable {
    /**
     * What a container has written so far and goes on to write, both of its streams together; ends when the container does.
     * Closing it from another thread ends a read.
     *
     * @throws IOException where there is no such log (yet)
     */
    InputStream log(ObjectReference pod, String container, Deadline deadline) throws IOException;

    /**
     * Runs a program in a container and returns once it has ended well.
     *
     * @param output gets what it writes to standard output
     * @throws IOException with what it said on standard error, or why it could not be run or not be heard to its end
     */
    void execute(ObjectReference pod, String container, List<String> command, OutputStream output, Deadline deadline)
            throws IOException;

    @Override
    void close();
}
