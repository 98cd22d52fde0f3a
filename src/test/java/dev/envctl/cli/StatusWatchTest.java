package dev.envctl.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.readiness.Wait;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StatusWatchTest {
    private final StringWriter written = new StringWriter();

    @AfterEach
    void forgetTheInterrupt() {
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void printsOneBlockForEachChange() {
        watch(
                false,
                "{\"state\": \"creating\"}",
                "{\"state\": \"ready\", \"memory\": [1], \"redis\": {\"memory\": 1}}",
                "{\"state\": \"ready\", \"memory\": [2], \"redis\": {\"memory\": 2}}",
                "{\"state\": \"removing\"}");

        assertThat(written.toString()).isEqualTo("creating\nready\nremoving\n");
    }

    @Test
    void drawsOverWhatIsThereOnATerminal() {
        watch(true, "{\"state\": \"ready\"}", "{\"state\": \"ready\"}");

        assertThat(written.toString()).isEqualTo("\u001b[2J" + "\u001b[Hready\u001b[K\n\u001b[J".repeat(2));
    }

    /** The last status comes with an interrupt, as Ctrl-C ends it. */
    private void watch(boolean redraw, String... all) {
        Queue<String> left = new ArrayDeque<>(List.of(all));
        var watch = new StatusWatch(new PrintWriter(written), redraw, Duration.ofMillis(1), new Wait());

        assertThat(catchThrowableOfType(
                                EnvctlException.class,
                                () -> watch.run(
                                        () -> next(left),
                                        status -> status.get("state").getAsString() + "\n"))
                        .kind())
                .isEqualTo(FailureKind.INTERRUPTED);
    }

    private static JsonObject next(Queue<String> left) {
        var next = left.remove();
        if (left.isEmpty()) {
            Thread.currentThread().interrupt();
        }
        return JsonParser.parseString(next).getAsJsonObject();
    }
}
