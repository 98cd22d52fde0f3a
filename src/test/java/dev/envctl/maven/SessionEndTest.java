package dev.envctl.maven;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.apache.maven.execution.AbstractExecutionListener;
import org.apache.maven.execution.DefaultMavenExecutionRequest;
import org.apache.maven.execution.ExecutionEvent;
import org.apache.maven.execution.MavenExecutionRequest;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SessionEndTest {
    private final MavenExecutionRequest request = new DefaultMavenExecutionRequest();
    private final List<String> heard = new ArrayList<>();

    /** Maven's own. */
    private final class Listener extends AbstractExecutionListener {
        @Override
        public void projectStarted(@Nullable ExecutionEvent event) {
            heard.add("project started");
        }

        @Override
        public void projectFailed(@Nullable ExecutionEvent event) {
            throw new IllegalStateException("of the listener");
        }

        @Override
        public void sessionEnded(@Nullable ExecutionEvent event) {
            heard.add("summary");
        }
    }

    @Test
    void isToldBeforeTheSummary() {
        request.setExecutionListener(new Listener());
        SessionEnd.call(request, () -> heard.add("end"));

        request.getExecutionListener().projectStarted(null);
        request.getExecutionListener().sessionEnded(null);

        assertThat(heard).containsExactly("project started", "end", "summary");
    }

    @Test
    void isToldWhereThereIsNoOtherListener() {
        SessionEnd.call(request, () -> heard.add("end"));

        request.getExecutionListener().projectStarted(null);
        request.getExecutionListener().sessionEnded(null);

        assertThat(heard).containsExactly("end");
    }

    @Test
    void passesOnWhatTheOtherListenerThrows() {
        request.setExecutionListener(new Listener());
        SessionEnd.call(request, () -> heard.add("end"));

        assertThatThrownBy(() -> request.getExecutionListener().projectFailed(null))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("of the listener");
    }

    @Test
    void twoOfThemAreBothTold() {
        SessionEnd.call(request, () -> heard.add("first"));
        SessionEnd.call(request, () -> heard.add("second"));

        request.getExecutionListener().sessionEnded(null);

        assertThat(heard).containsExactlyInAnyOrder("first", "second");
        assertThat(request.getExecutionListener()).isEqualTo(request.getExecutionListener());
        assertThat(request.getExecutionListener().hashCode()).isNotZero();
    }
}
