package dev.envctl.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.envctl.machine.Outcome.State;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class ExaminationTest {
    private record Scripted(String title, Supplier<Verdict> answer) implements Check {
        @Override
        public Need need() {
            return Need.EVERY_ENGINE;
        }

        @Override
        public Verdict look() {
            return answer.get();
        }
    }

    @Test
    void givesUpOnACheckThatHangsAndKeepsTheOthers() {
        var never = new CountDownLatch(1);
        var hanging = new Scripted("hangs", () -> {
            try {
                never.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return Verdict.of(Outcome.ok("too late"));
        });
        var quick = new Scripted("quick", () -> Verdict.of(Outcome.ok("fine")));

        var examined = new Examination(Duration.ofSeconds(1)).of(List.of(hanging, quick));

        assertThat(examined.get(0).row().outcome().text()).isEqualTo("It was not answered within 1 s.");
        assertThat(examined.get(1).row().outcome()).isEqualTo(Outcome.ok("fine"));
    }

    @Test
    void turnsACheckThatBreaksIntoTrouble() {
        var broken = new Scripted("broken", () -> {
            throw new IllegalStateException("odd");
        });

        var outcome = new Examination().of(List.of(broken)).get(0).row().outcome();

        assertThat(outcome.state()).isEqualTo(State.WRONG);
        assertThat(outcome.text()).contains("odd");
    }
}
