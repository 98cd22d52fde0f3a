package dev.envctl.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
    @Test
    void readsEveryKindOfValue() {
        assertThat(Json.members("""
                {"worker": 5, "api": "http://127.0.0.1:1", "on": true, "off": false, "list": [1.5, -2e3, []], "in": {"a": "b"}}
                """))
                .isEqualTo(Map.of(
                        "worker",
                        5.0,
                        "api",
                        "http://127.0.0.1:1",
                        "on",
                        true,
                        "off",
                        false,
                        "list",
                        List.of(1.5, -2000.0, List.of()),
                        "in",
                        Map.of("a", "b")));
        assertThat(Json.parse(" [ null , \"x\" ] ")).isEqualTo(Arrays.asList(null, "x"));
    }

    @Test
    void readsEscapedCharacters() {
        assertThat(Json.parse("\"a\\\"b\\\\c\\/\\n\\t\\u00e4\"")).isEqualTo("a\"b\\c/\n\tä");
    }

    @Test
    void writesTextsThatItReadsAgain() {
        var text = "quote \" backslash \\ line\nend \u0001 ä";

        assertThat(Json.parse(Json.quote(text))).isEqualTo(text);
    }

    @Test
    void givesNoMembersForWhatIsNoObject() {
        assertThat(Json.members("[1]")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "{", "{\"a\"}", "{\"a\":1,}", "[1 2]", "\"open", "\"\\u12\"", "tru", "1 2", "{a:1}", "'a'"})
    void refusesWhatIsNoJson(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Json.parse(text));
    }

    @Test
    void refusesWhatIsTooDeepForAnAnswer() {
        assertThatIllegalArgumentException().isThrownBy(() -> Json.parse("[".repeat(10_000)));
    }
}
