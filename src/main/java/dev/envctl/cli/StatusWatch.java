package dev.envctl.cli;

import com.google.gson.JsonObject;
import dev.envctl.readiness.Wait;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/** Shows a status again and again: drawn anew on a terminal, elsewhere one block for each change. Ends with a signal. */
final class StatusWatch {
    private static final String HOME = "\u001b[H";
    private static final String CLEAR_LINE = "\u001b[K";
    private static final String CLEAR_BELOW = "\u001b[J";
    private static final String CLEAR = "\u001b[2J";

    /** These are never the same twice. */
    private static final Set<String> RESTLESS = Set.of("memory");

    private final PrintWriter out;
    private final boolean redraw;
    private final Duration interval;
    private final Wait waits;

    StatusWatch(PrintWriter out, boolean redraw, Duration interval, Wait waits) {
        this.out = out;
        this.redraw = redraw;
        this.interval = interval;
        this.waits = waits;
    }

    /**
     * Until it is interrupted.
     *
     * @param text ends with a line break
     */
    void run(Supplier<JsonObject> status, Function<JsonObject, String> text) {
        var shown = "";
        if (redraw) {
            out.print(CLEAR);
        }
        while (!Thread.currentThread().isInterrupted()) {
            var now = status.get();
            if (redraw) {
                out.print(HOME + text.apply(now).replace("\n", CLEAR_LINE + "\n") + CLEAR_BELOW);
            } else if (!restful(now).equals(shown)) {
                shown = restful(now);
                out.print(text.apply(now));
            }
            out.flush();
            waits.pause(interval);
        }
    }

    /** What counts as a change. */
    private static String restful(JsonObject status) {
        var copy = status.deepCopy();
        RESTLESS.forEach(copy::remove);
        if (copy.has("redis")) {
            RESTLESS.forEach(copy.getAsJsonObject("redis")::remove);
        }
        return copy.toString();
    }
}
