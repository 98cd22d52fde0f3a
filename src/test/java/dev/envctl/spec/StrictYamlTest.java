package dev.envctl.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StrictYamlTest {
    @TempDir
    private Path directory;

    private final StrictYaml yaml = new StrictYaml("dev/envctl/spec/choices.schema.json", "Mend it.");

    private String problemOf(String text) {
        return problemOf(text.getBytes(StandardCharsets.UTF_8));
    }

    private String problemOf(byte[] text) {
        return failureOf(text).problem();
    }

    private EnvctlException failureOf(byte[] text) {
        return catchThrowableOfType(EnvctlException.class, () -> yaml.read(write(text), "file.yaml"));
    }

    private Path write(byte[] text) throws IOException {
        return Files.write(directory.resolve("file.yaml"), text);
    }

    @Test
    void givesValuesThatKnowTheirPlace() throws Exception {
        var document = yaml.read(
                write("source: {address: a, count: 3}\nnames: [x, y]\n".getBytes(StandardCharsets.UTF_8)), "f");

        var source = document.root().get("source").orElseThrow();
        assertThat(source.entries()).extracting(YamlValue::key).containsExactly("address", "count");
        assertThat(source.get("count").orElseThrow().whole()).isEqualTo(3);
        assertThat(document.root().get("names").orElseThrow().items())
                .extracting(YamlValue::path)
                .containsExactly("names[0]", "names[1]");
    }

    @Test
    void tellsMistakesThatNoSchemaSees() throws Exception {
        var document = yaml.read(write("names: [x, y]\n".getBytes(StandardCharsets.UTF_8)), "file.yaml");
        document.reject(document.root().get("names").orElseThrow().items().get(1), "this name is taken");

        var failure = catchThrowableOfType(EnvctlException.class, document::orThrow);

        assertThat(failure.kind()).isEqualTo(FailureKind.USAGE);
        assertThat(failure.remedy()).isEqualTo("Mend it.");
        assertThat(failure.problem()).isEqualTo("""
                        file.yaml has 1 error:

                        file.yaml:1:12: this name is taken
                            1 | names: [x, y]
                              |            ^""");
    }

    @Test
    void talksOnlyAboutTheAlternativeThatWasMeant() {
        assertThat(problemOf("source: {adress: a}\n")).isEqualTo("""
                        file.yaml has 1 error:

                        file.yaml:1:10: unknown key `adress`, did you mean `address`?
                            1 | source: {adress: a}
                              |          ^^^^^^""");
    }

    @Test
    void tellsOnceThatNoAlternativeFits() {
        assertThat(problemOf("source: [1]\n"))
                .startsWith("file.yaml has 1 error:")
                .contains("file.yaml:1:9: ");
    }

    @Test
    void explainsTabs() {
        assertThat(problemOf("source:\n\taddress: a\n")).isEqualTo("""
                        file.yaml has 1 error:

                        file.yaml:2:1: a tab is used for indentation; YAML wants spaces
                            2 | \taddress: a
                              | ^""");
    }

    @Test
    void explainsTabsBetweenKeyAndValue() {
        assertThat(problemOf("names:\t5\n")).contains("file.yaml:1:7: a tab stands here; YAML wants spaces");
    }

    @Test
    void keepsTheCaretUnderAValueBehindATab() {
        assertThat(problemOf("{source: {address: \"a\tb\"}, names: 5}\n"))
                .endsWith(
                        "    1 | {source: {address: \"a\tb\"}, names: 5}\n      |                      \t            ^");
    }

    @Test
    void pointsToWhereSomethingUnclosedBegins() {
        assertThat(problemOf("source: 1\nnames: \"x\nmore\n")).isEqualTo("""
                        file.yaml has 1 error:

                        file.yaml:2:8: this is not valid YAML: found unexpected end of stream while scanning a quoted scalar
                            2 | names: "x
                              |        ^""");
    }

    @Test
    void saysWhereABrokenCollectionBegins() {
        assertThat(problemOf("names: [x,\nsource: 1\n"))
                .startsWith("file.yaml has 1 error:\n\nfile.yaml:")
                .contains("this is not valid YAML: ", "a flow sequence");
    }

    @Test
    void refusesDuplicateKeys() {
        assertThat(problemOf("source: 1\nnames: []\nsource: 2\n")).isEqualTo("""
                        file.yaml has 1 error:

                        file.yaml:3:1: duplicate key `source`, first given in line 1
                            3 | source: 2
                              | ^^^^^^""");
    }

    @Test
    void refusesTagsWithoutFurtherComplaints() {
        assertThat(problemOf("source: !!java.net.URL [\"http://localhost\"]\n")).isEqualTo("""
                        file.yaml has 1 error:

                        file.yaml:1:9: tags such as `!!java.net.URL` are not supported; quote a value to make it text
                            1 | source: !!java.net.URL ["http://localhost"]
                              |         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^""");
    }

    @Test
    void refusesASecondDocument() {
        assertThat(problemOf("source: 1\n---\nsource: 2\n")).isEqualTo("""
                        file.yaml has 1 error:

                        file.yaml:2:1: a second document starts here; the file may hold only one
                            2 | ---
                              | ^""");
    }

    @Test
    void refusesAnEmptyFile() {
        assertThat(problemOf("# nothing yet\n")).contains("file.yaml:1:1: the file is empty");
    }

    @Test
    void refusesWhatRefersToItself() {
        assertThat(problemOf("names: &a [*a]\n")).contains("file.yaml:1:8: this refers to itself");
    }

    @Test
    void refusesAliasesThatExplode() {
        var text = new StringBuilder("names:\n- &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (var i = 1; i < 8; i++) {
            text.append("- &a%d [%s]\n".formatted(i, ("*a" + (i - 1) + ", ").repeat(10)));
        }
        assertThat(problemOf(text.toString())).contains("file.yaml:1:1: ");
    }

    @Test
    void refusesDeepNesting() {
        assertThat(problemOf("names: " + "[".repeat(5000))).startsWith("file.yaml has 1 error:");
    }

    @Test
    void resolvesAliases() throws Exception {
        var document = yaml.read(write("names: [&a x, *a]\n".getBytes(StandardCharsets.UTF_8)), "f");

        assertThat(document.root().get("names").orElseThrow().items())
                .extracting(YamlValue::text)
                .containsExactly("x", "x");
    }

    @Test
    void readsPlainScalarsAsYaml12Does() throws Exception {
        var document = yaml.read(
                write("names: [no, off, 010, 1:30, 2024-01-01, 1_000, .inf, <<]\n".getBytes(StandardCharsets.UTF_8)),
                "f");

        assertThat(document.root().get("names").orElseThrow().items()).allMatch(YamlValue::isText);
    }

    @Test
    void showsNoControlCharacters() {
        assertThat(problemOf("source: 1\nnames: \u001b[31m\n")).isEqualTo("""
                        file.yaml has 1 error:

                        file.yaml:2:8: the character U+001B is not allowed in YAML
                            2 | names: \uFFFD[31m
                              |        ^""");
    }

    @Test
    void showsNoControlCharactersOfValues() {
        assertThat(problemOf("names: \"\\e[31m\"\n")).contains("but found \"\uFFFD[31m\"");
    }

    @Test
    void refusesWhatIsNotUtf8() {
        assertThat(problemOf(new byte[] {'a', ':', ' ', (byte) 0xff})).isEqualTo("file.yaml is not UTF-8 text.");
    }

    @Test
    void acceptsAByteOrderMarkAndWindowsLineEnds() {
        assertThat(problemOf("\uFEFFsource: 1\r\nnames: 2\r\n"))
                .endsWith("file.yaml:2:8: expected a list, but found the number 2\n    2 | names: 2\n      |        ^");
    }

    @Test
    void refusesAHugeFile() {
        assertThat(problemOf("#".repeat(1 << 21))).isEqualTo("file.yaml is larger than 1 MiB.");
    }

    @Test
    void saysThatAFileIsMissing() {
        var failure = catchThrowableOfType(
                EnvctlException.class, () -> yaml.read(directory.resolve("none.yaml"), "none.yaml"));
        assertThat(failure.problem()).isEqualTo("none.yaml does not exist.");
    }
}
