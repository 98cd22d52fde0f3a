package dev.envctl.cli;

import dev.envctl.EnvctlException;
import dev.envctl.primary.Message;
import java.io.PrintStream;

/** One JSON object a line, the same as the primary's event stream. */
final class JsonView implements ProgressView {
    private final PrintStream out;

    JsonView(PrintStream out) {
        this.out = out;
    }

    @Override
    public void report(Event event) {
        print(new Message.Event(event));
    }

    @Override
    public void fail(EnvctlException failure) {
        print(new Message.Failed(failure));
    }

    private synchronized void print(Message message) {
        out.println(message.json());
        out.flush();
    }

    @Override
    public void close() {}
}
