package dev.envctl.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.envctl.runner.RunnerCommand;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WorkflowCommandTest {
    @Test
    void isOneLineWithEverythingEscaped() {
        var properties = new LinkedHashMap<String, String>();
        properties.put("file", "a,b.yaml");
        properties.put("title", "50%: so\r\n");

        assertThat(WorkflowCommand.of("error", properties, "50%, so:\r\nnext"))
                .isEqualTo("::error file=a%2Cb.yaml,title=50%25%3A so%0D%0A::50%25, so:%0D%0Anext");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "plain",
                "%0A",
                "%250A::",
                "::add-mask::x",
                "a\n::stop-commands::x\r\nb",
                "file=x,line=1::y",
                "100% ##[error]no"
            })
    void theRunnerReadsBackExactlyWhatWasMeant(String text) {
        var properties = new LinkedHashMap<String, String>();
        properties.put("title", text);

        var read = RunnerCommand.in(WorkflowCommand.of("error", properties, text));

        assertThat(read).containsExactly(new RunnerCommand("error", properties, text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "::add-mask::secret",
                "   ::stop-commands::pause",
                "\t \u00a0::set-env name=PATH::/tmp",
                "postgres: ##[add-path]/tmp",
                "::error::##[error]both",
                "##[group]##[group]twice"
            })
    void whatOthersWroteIsNoCommandAnyMore(String line) {
        assertThat(RunnerCommand.parse(line)).isPresent();

        assertThat(RunnerCommand.parse(WorkflowCommand.inert(line))).isEmpty();
    }

    @Test
    void otherLinesStayAsTheyAre() {
        for (var line :
                new String[] {"", "  details: a::b::c", "ok  create cluster 7.1 s", "# [x] grüße", "std::string"}) {
            assertThat(WorkflowCommand.inert(line)).isEqualTo(line);
        }
    }

    @Test
    void linesAreInertHoweverTheyAreWritten() throws IOException {
        var seen = new ByteArrayOutputStream();
        try (var out = new PrintStream(new InertLines(seen), true, StandardCharsets.UTF_8)) {
            out.print(" :");
            out.flush();
            out.println(":error::grüße");
            out.print("progress\r::error::x\n");
            out.print("last ##[error]line");
        }

        var text = seen.toString(StandardCharsets.UTF_8);
        assertThat(text).isEqualTo(" : :error::grüße%nprogress\r: :error::x%nlast # #[error]line".formatted());
        assertThat(RunnerCommand.in(text)).isEmpty();
    }
}
