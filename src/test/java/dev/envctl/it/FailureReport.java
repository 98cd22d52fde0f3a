package dev.envctl.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;

/** What a user is told, and left with, when envctl fails. */
final class FailureReport {
    private final Ran ran;

    private FailureReport(Ran ran) {
        this.ran = ran;
    }

    /** Fails unless it ended with this exit code, a problem and a remedy, and without a stack trace. */
    static FailureReport of(Ran ran, int exitCode) {
        assertThat(ran.exitCode()).as(ran.all()).isEqualTo(exitCode);
        assertThat(ran.stdout()).as(ran.all()).isEmpty();
        assertThat(ran.stderr())
                .as(ran.all())
                .containsOnlyOnce("error: ")
                .doesNotContain("Unexpected ")
                .doesNotContain("\tat ");
        return new FailureReport(ran);
    }

    /** The line that says what is wrong, and those that belong to it. */
    FailureReport problem(String... parts) {
        assertThat(between("error: ", "\nnext: ")).as(ran.all()).contains(parts);
        return this;
    }

    /** What to do next. */
    FailureReport remedy(String... parts) {
        assertThat(ran.stderr().substring(ran.stderr().indexOf("\nnext: ") + 1))
                .as(ran.all())
                .startsWith("next: ")
                .contains(parts);
        return this;
    }

    /** The diagnostics that are named hold a file of this name with this content. */
    FailureReport diagnostics(String file, String content) {
        var folder = Path.of(between("  diagnostics: ", "\n"));
        assertThat(folder).isDirectory();
        try (Stream<Path> files = Files.walk(folder)) {
            var found = files.filter(path -> path.getFileName().toString().matches(file))
                    .toList();
            assertThat(found).as("%s in %s", file, folder).isNotEmpty();
            assertThat(Files.readString(found.get(0))).contains(content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    /** The phase ended well before its time-out, by envctl's own records. */
    FailureReport phaseEndedWithin(Path files, String phase, Duration limit) {
        try {
            var spans = JsonParser.parseString(Files.readString(files.resolve("timeline.json")))
                    .getAsJsonObject()
                    .getAsJsonArray("spans");
            for (var element : spans) {
                var span = element.getAsJsonObject();
                if (span.get("name").getAsString().equals(phase)) {
                    assertThat(span.get("outcome").getAsString()).as(ran.all()).isEqualTo("failed");
                    assertThat(Duration.between(instant(span.get("start")), instant(span.get("end"))))
                            .as(ran.all())
                            .isLessThan(limit);
                    return this;
                }
            }
            throw new AssertionError("no phase %s in %s".formatted(phase, spans));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Instant instant(com.google.gson.JsonElement text) {
        return Instant.parse(text.getAsString());
    }

    private String between(String start, String end) {
        var text = ran.stderr();
        var from = text.indexOf(start);
        assertThat(from).as(ran.all()).isNotNegative();
        var to = text.indexOf(end, from);
        assertThat(to).as(ran.all()).isNotNegative();
        return text.substring(from + start.length(), to);
    }
}
