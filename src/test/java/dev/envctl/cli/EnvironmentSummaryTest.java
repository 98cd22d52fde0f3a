package dev.envctl.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.environment.SampleHandOff;
import dev.envctl.environment.Timeline.Span;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class EnvironmentSummaryTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00.250Z");

    @Test
    void showsStatePhasesAndImages() {
        var spans = List.of(
                span("up", "", 0, 3000, "ok"),
                span("pull images", "up", 10, 510, "ok"),
                span("create: cluster", "up", 510, 3000, "ok"));

        assertThat(EnvironmentSummary.ready(SampleHandOff.of("/1.json"), spans)).isEqualTo("""
                ### Environment `e2e` is ready

                Workers: 1; kind on podman; id `0a1b2c3d`

                | phase | seconds | outcome |
                |---|---|---|
                | pull images | 0.5 | ok |
                | create: cluster | 2.5 | ok |
                | **up** | 3.0 | ok |

                ```mermaid
                gantt
                    dateFormat x
                    axisFormat %s s
                    section up
                    pull images :0, 500
                    create  cluster :500, 2990
                ```

                | image | reference |
                |---|---|
                | redis | `docker.io/library/redis@sha256:1` |

                """);
    }

    @Test
    void showsWhichPhaseFailedAndWhatToDo() {
        var spans = List.of(
                span("up", "", 0, 3000, "failed"),
                span("create cluster", "up", 0, 3000, "failed"),
                span("remove nodes", "down", 3000, 3000, "ok"));
        var failure = new EnvctlException(FailureKind.FAILED, "# kind ``` failed", "Look.");

        assertThat(EnvironmentSummary.failed("e2e", failure, spans))
                .startsWith("### Environment `e2e` could not be made\n\n    # kind ``` failed\n    next: Look.\n\n")
                .contains(
                        "| create cluster | 3.0 | failed |\n| remove nodes | 0.0 | ok |\n| **up** | 3.0 | failed |\n",
                        "    section up\n    create cluster :crit, 0, 3000\n",
                        "    section down\n    remove nodes :3000, 3001\n");
    }

    @Test
    void showsNoPhasesWhereNothingIsKnownOfThem() {
        assertThat(EnvironmentSummary.ready(SampleHandOff.of("/1.json"), List.of()))
                .doesNotContain("phase", "mermaid")
                .contains("is ready", "redis");
    }

    @Test
    void aCellStaysACell() {
        assertThat(new MarkdownTable("a", "b")
                        .row("x|y\nz", "<b>")
                        .row(MarkdownTable.code("`q`"), "")
                        .text())
                .isEqualTo("| a | b |\n|---|---|\n| x\\|y z | &lt;b> |\n| `'q'` |  |\n");
    }

    private static Span span(String name, String parent, long from, long to, String outcome) {
        return new Span(name, parent, START.plusMillis(from), START.plusMillis(to), outcome);
    }
}
