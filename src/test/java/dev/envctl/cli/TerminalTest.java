package dev.envctl.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.envctl.cli.Terminal.ColorChoice;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TerminalTest {
    @Test
    void isColourfulWhereErrorsGoToATerminal() {
        assertThat(new Terminal(false, true, Map.of()).colourful(ColorChoice.auto))
                .isTrue();
        assertThat(new Terminal(true, false, Map.of()).colourful(ColorChoice.auto))
                .isFalse();
    }

    @Test
    void honoursNoColorUnlessItIsEmpty() {
        assertThat(new Terminal(true, true, Map.of("NO_COLOR", "1")).colourful(ColorChoice.auto))
                .isFalse();
        assertThat(new Terminal(true, true, Map.of("NO_COLOR", "")).colourful(ColorChoice.auto))
                .isTrue();
    }

    @Test
    void aDumbTerminalHasNoColours() {
        assertThat(new Terminal(true, true, Map.of("TERM", "dumb")).colourful(ColorChoice.auto))
                .isFalse();
    }

    @Test
    void whatIsSaidOnTheCommandLineWins() {
        assertThat(new Terminal(true, true, Map.of()).colourful(ColorChoice.never))
                .isFalse();
        assertThat(new Terminal(false, false, Map.of("NO_COLOR", "1")).colourful(ColorChoice.always))
                .isTrue();
    }
}
