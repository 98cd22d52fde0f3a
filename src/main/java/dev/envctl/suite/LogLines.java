package dev.envctl.suite;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** Cuts what is written into lines. What is no UTF-8 is shown as replaced; one line takes at most 64 KiB, more is another. */
final class LogLines extends OutputStream {
    private static final int MOST = 64 << 10;

    private final Consumer<String> lines;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

    LogLines(Consumer<String> lines) {
        this.lines = lines;
    }

    @Override
    public void write(int one) {
        if (one == '\n') {
            tell();
        } else {
            line.write(one);
            if (line.size() >= MOST) {
                tell();
            }
        }
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        for (var i = offset; i < offset + length; i++) {
            write(bytes[i]);
        }
    }

    private void tell() {
        var text = line.toString(StandardCharsets.UTF_8);
        line.reset();
        lines.accept(text.endsWith("\r") ? text.substring(0, text.length() - 1) : text);
    }

    /** What is left without an end of its line. */
    @Override
    public void close() {
        if (line.size() > 0) {
            tell();
        }
    }
}
