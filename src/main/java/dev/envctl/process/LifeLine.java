package dev.envctl.process;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A program that outlives us and learns of our end, however we end: its standard input ends then. It runs in a session of its
 * own, so that neither our terminal's nor our process group's end reaches it.
 */
public final class LifeLine {
    private final Process process;
    private final OutputStream input;

    private LifeLine(Process process) {
        this.process = process;
        this.input = process.getOutputStream();
    }

    /**
     * Starts it.
     *
     * @param arguments the program and its arguments
     * @param output both its streams are appended to this file
     */
    public static LifeLine start(Programs programs, List<String> arguments, Path output) {
        var line = new ArrayList<String>();
        programs.find("setsid").ifPresent(setsid -> line.add(setsid.toString()));
        line.addAll(arguments);
        try {
            return new LifeLine(new ProcessBuilder(line)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()))
                    .start());
        } catch (IOException e) {
            throw new EnvctlException(
                    FailureKind.FAILED,
                    "`%s` cannot be started: %s".formatted(arguments.get(0), e.getMessage()),
                    "Check free memory and process ids.",
                    e);
        }
    }

    public long pid() {
        return process.pid();
    }

    public boolean alive() {
        return process.isAlive();
    }

    /** Gives it one line to read; false where it is gone. */
    public synchronized boolean tell(String line) {
        try {
            input.write((line + "\n").getBytes(StandardCharsets.UTF_8));
            input.flush();
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
