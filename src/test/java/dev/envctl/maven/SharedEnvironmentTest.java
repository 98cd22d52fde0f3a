package dev.envctl.maven;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.envctl.AtOnce;
import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.environment.SampleHandOff;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SharedEnvironmentTest {
    private final SharedEnvironment environment = new SharedEnvironment(Path.of("/p/.envctl/e2e"));
    private final AtomicInteger made = new AtomicInteger();
    private final AtomicInteger left = new AtomicInteger();

    private SharedEnvironment.Held make() {
        made.incrementAndGet();
        return new SharedEnvironment.Held(SampleHandOff.of("1.json"), left::incrementAndGet);
    }

    @Test
    void isMadeOnceForAllModules() {
        AtOnce.each("Asking", 4, List.of(1, 2, 3, 4), module -> environment.ready(this::make));

        assertThat(made).hasValue(1);
    }

    @Test
    void isLeftOnce() {
        environment.ready(this::make);

        environment.leave();
        environment.leave();

        assertThat(left).hasValue(1);
    }

    @Test
    void isLeftOnceMoreWhereThatFailed() {
        environment.ready(() -> new SharedEnvironment.Held(SampleHandOff.of("1.json"), () -> {
            if (left.incrementAndGet() == 1) {
                throw new EnvctlException(FailureKind.FAILED, "It does not go.", "");
            }
        }));

        assertThatThrownBy(environment::leave).hasMessageContaining("It does not go.");
        environment.leave();
        environment.leave();

        assertThat(left).hasValue(2);
    }

    @Test
    void isNotLeftWhereNobodyHasUsedIt() {
        environment.leave();

        assertThat(left).hasValue(0);
    }

    @Test
    void isMadeAgainForAModuleThatComesAfterAllHaveLeft() {
        environment.ready(this::make);
        environment.leave();

        environment.ready(this::make);

        assertThat(made).hasValue(2);
    }

    @Test
    void isNotTriedAgainWhereItFailed() {
        var failure = new EnvctlException(FailureKind.TIMEOUT, "It took too long.", "");

        for (var module = 0; module < 2; module++) {
            assertThatThrownBy(() -> environment.ready(() -> {
                        made.incrementAndGet();
                        throw failure;
                    }))
                    .isSameAs(failure);
        }
        assertThat(made).hasValue(1);
    }
}
