package dev.envctl.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The command lines that a README shows in its fences of bash, as one script. */
final class ReadmeCommands {
    private static final Pattern FENCE = Pattern.compile("(?ms)^```bash\\n(.*?)^```$");

    private ReadmeCommands() {}

    static String of(Path readme) {
        try {
            var commands = FENCE.matcher(Files.readString(readme))
                    .results()
                    .map((MatchResult fence) -> fence.group(1))
                    .collect(Collectors.joining());
            assertThat(commands).as("commands in " + readme).isNotBlank();
            return commands;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
