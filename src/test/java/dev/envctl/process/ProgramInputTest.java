package dev.envctl.process;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProgramInputTest {
    private final Programs programs = new SystemPrograms();

    @Test
    void aProgramReadsWhatItIsGiven() {
        assertThat(programs.run(Command.of("cat").reading("grüße")).stdout()).isEqualTo("grüße\n");
    }

    @Test
    void aProgramThatReadsNothingIsNotInTheWay() {
        var more = "x".repeat(1_000_000);

        assertThat(programs.run(Command.of("true").reading(more)).succeeded()).isTrue();
    }

    @Test
    void noMessageShowsTheInput() {
        var command = Command.of("false").reading("secret");

        assertThat(command + programs.run(command).failure("").problem()).doesNotContain("secret");
    }
}
