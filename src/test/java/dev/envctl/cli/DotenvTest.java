package dev.envctl.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DotenvTest {
    private final List<String> warnings = new ArrayList<>();

    private String of(Map<String, String> variables) {
        return Dotenv.of(variables, warnings::add);
    }

    @Test
    void isALineForEachAsItStands() {
        var variables = new LinkedHashMap<String, String>();
        variables.put("DATABASE_URL", "postgresql://app:p-_%2F@127.0.0.1:15001/app");
        variables.put("EMPTY", "");
        variables.put("KUBECONFIG", "/home/jürgen/.envctl/e2e/kubeconfig");

        assertThat(of(variables)).isEqualTo("""
                DATABASE_URL=postgresql://app:p-_%2F@127.0.0.1:15001/app
                EMPTY=
                KUBECONFIG=/home/jürgen/.envctl/e2e/kubeconfig
                """);
    }

    @ParameterizedTest
    @CsvSource({
        "NAME, 'one\nOTHER=two', more than one line",
        "NAME, 'one\rtwo', more than one line",
        "NAME, a b, quotes",
        "NAME, 'x ', quotes",
        "NAME, \"x\", quotes",
        "NAME, a$HOME, replaces",
        "NAME, a`id`, quotes",
        "NAME, a;b, quotes",
        "'A B', x, the name `A B`",
        "É, x, the name"
    })
    void whatGitLabOrAShellWouldChangeIsRefused(String name, String value, String why) {
        var failure = catchThrowableOfType(EnvctlException.class, () -> of(Map.of(name, "secret" + value)));

        assertThat(failure.kind()).isEqualTo(FailureKind.USAGE);
        assertThat(failure.problem()).contains(why).doesNotContain("secret");
        assertThat(failure.remedy()).contains("env --shell none");
    }

    @Test
    void moreThanAReportMayHoldIsRefused() {
        assertThat(of(Map.of("NAME", "x".repeat(5119 - 6)))).hasSize(5119);

        var failure = catchThrowableOfType(EnvctlException.class, () -> of(Map.of("NAME", "x".repeat(5120 - 6))));
        assertThat(failure.problem()).contains("5120 bytes");
    }

    @Test
    void moreVariablesThanEveryGitLabTakesAreWarnedOf() {
        of(many(20));
        assertThat(warnings).isEmpty();

        of(many(21));
        assertThat(warnings).singleElement().asString().contains("21 variables", "takes 20");
    }

    private static Map<String, String> many(int count) {
        var variables = new LinkedHashMap<String, String>();
        IntStream.range(0, count).forEach(n -> variables.put("NAME_" + n, "x"));
        return variables;
    }
}
