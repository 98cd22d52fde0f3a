package dev.envctl.spec;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The text of a file, kept to show where a mistake is.
 *
 * @param shownAs how messages name the file
 */
record SourceText(String shownAs, String text, List<String> lines) {
    private static final long LARGEST = 1 << 20;

    static SourceText of(String shownAs, String text) {
        // The same line ends that SnakeYAML counts.
        return new SourceText(shownAs, text, List.of(text.split("\r\n|[\n\r\u0085\u2028\u2029]", -1)));
    }

    static SourceText read(Path file, String shownAs) {
        try {
            if (Files.size(file) > LARGEST) {
                throw unreadable(shownAs, "is larger than 1 MiB", null);
            }
            var bytes = Files.readAllBytes(file);
            var text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return of(shownAs, text.startsWith("\uFEFF") ? text.substring(1) : text);
        } catch (CharacterCodingException e) {
            throw unreadable(shownAs, "is not UTF-8 text", e);
        } catch (NoSuchFileException e) {
            throw unreadable(shownAs, "does not exist", e);
        } catch (IOException e) {
            throw unreadable(shownAs, "cannot be read (" + e + ")", e);
        }
    }

    private static EnvctlException unreadable(String shownAs, String why, @Nullable Exception cause) {
        return new EnvctlException(
                FailureKind.USAGE, "%s %s.".formatted(shownAs, why), "Give it as a small YAML file in UTF-8.", cause);
    }

    /** The line with this number, from 0; empty past the end. */
    String line(int number) {
        return number < lines.size() ? lines.get(number) : "";
    }
}
