package dev.envctl.cli;

import java.io.ByteArrayOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Passes on whole lines of UTF-8, and none that a runner of GitHub Actions would take for a command. */
final class InertLines extends FilterOutputStream {
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

    InertLines(OutputStream out) {
        super(out);
    }

    @Override
    public synchronized void write(int next) throws IOException {
        // The runner ends lines at either.
        if (next == '\n' || next == '\r') {
            pass(Character.toString(next));
        } else {
            line.write(next);
        }
    }

    @Override
    public synchronized void write(byte[] bytes, int from, int count) throws IOException {
        for (var i = from; i < from + count; i++) {
            write(bytes[i]);
        }
    }

    private void pass(String end) throws IOException {
        var text = WorkflowCommand.inert(line.toString(StandardCharsets.UTF_8)) + end;
        out.write(text.getBytes(StandardCharsets.UTF_8));
        line.reset();
    }

    @Override
    public synchronized void close() throws IOException {
        pass("");
        super.close();
    }
}
