package dev.envctl.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class CommandTest {
    @Test
    void aShellReadsThePastedCommandAsItWas() {
        var arguments =
                List.of("printf", "%s|", "plain", "two words", "it's", "", "$HOME `id` \\ \"x\"", "a\nb", "*", "ü");

        var pasted = Command.of(arguments).paste();

        assertThat(new SystemPrograms().run(Command.of("sh", "-c", pasted)).stdout())
                .isEqualTo("plain|two words|it's||$HOME `id` \\ \"x\"|a\nb|*|ü|\n");
    }

    @Test
    void quotesOnlyWhatNeedsIt() {
        assertThat(Command.of("kind", "create", "--name=e2e", "a b").paste()).isEqualTo("kind create --name=e2e 'a b'");
    }

    @Test
    void refusesToRunWithoutATimeLimit() {
        assertThatIllegalArgumentException().isThrownBy(() -> Command.of("true").timeout(Duration.ZERO));
    }
}
