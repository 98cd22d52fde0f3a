package dev.envctl.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.envctl.process.Command;
import dev.envctl.process.SystemPrograms;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShellTest {
    @ParameterizedTest
    @ValueSource(strings = {"plain", "", "two words", "it's", "$HOME `id` \\ \"x\"", "a\nb", "!history", "grüße", "'"})
    void bashReadsBackExactlyWhatWasMeant(String value) {
        var line = Shell.bash.line("PGPASSWORD", value);

        assertThat(childOf("bash", line)).isEqualTo(value + "|");
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "", "two words", "it's", "$HOME `id` \\ \"x\""})
    void plainLinesCanBeSourced(String value) {
        var line = "set -a; " + Shell.none.line("PGPASSWORD", value);

        assertThat(childOf("sh", line)).isEqualTo(value + "|");
    }

    @Test
    void fishQuotesBackslashesAndQuotes() {
        assertThat(Shell.fish.line("PGPASSWORD", "it's a \\ $x")).isEqualTo("set -gx PGPASSWORD 'it\\'s a \\\\ $x'");
    }

    @Test
    void powershellDoublesQuotes() {
        assertThat(Shell.powershell.line("PGPASSWORD", "it's a \\ $x")).isEqualTo("$env:PGPASSWORD = 'it''s a \\ $x'");
    }

    /** What a program sees that the shell starts after it has read the line; ends with a bar. */
    private static String childOf(String shell, String line) {
        var script = "eval \"$1\"; sh -c 'printf \"%s|\" \"$PGPASSWORD\"'";
        return new SystemPrograms()
                .run(Command.of(shell, "-c", script, shell, line))
                .orThrow("")
                .stripTrailing();
    }
}
