package dev.envctl.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JUnitFileTest {
    @TempDir
    private Path folder = Path.of("");

    private Optional<TestCounts> read(String text) throws IOException {
        return JUnitFile.read(Files.writeString(folder.resolve("TEST.xml"), text));
    }

    @Test
    void countsTestCases() throws IOException {
        assertThat(read("""
                <?xml version="1.0" encoding="UTF-8"?>
                <testsuite name="a" tests="5" failures="1" errors="1" skipped="1">
                  <testcase name="1"/>
                  <testcase name="2"><failure message="no">…</failure></testcase>
                  <testcase name="3"><error/></testcase>
                  <testcase name="4"><skipped/></testcase>
                  <testcase name="5"><flakyFailure/></testcase>
                </testsuite>
                """)).contains(new TestCounts(1, 5, 1, 1, 1));
    }

    @Test
    void countsNestedSuitesOnce() throws IOException {
        assertThat(read("""
                <testsuites>
                  <testsuite tests="3" failures="1"><testsuite tests="2" failures="1">
                    <testcase><failure/></testcase><testcase/></testsuite><testcase/></testsuite>
                  <testsuite tests="1" failures="0"><testcase/></testsuite>
                </testsuites>
                """)).contains(new TestCounts(1, 4, 1, 0, 0));
    }

    @Test
    void believesASuiteThatTellsOfAnErrorOutsideItsTests() throws IOException {
        assertThat(read("<testsuites><testsuite tests='1' errors='1'><testcase/></testsuite></testsuites>"))
                .contains(new TestCounts(1, 1, 0, 1, 0));
    }

    @Test
    void leavesOtherXmlAlone() throws IOException {
        assertThat(read("<coverage><testcase/></coverage>")).isEmpty();
        assertThat(read("<!-- a --><!DOCTYPE report PUBLIC \"-//a//b\" \"report.dtd\"><report name='a'/>"))
                .isEmpty();
    }

    @Test
    void refusesAFileThatIsCutOff() {
        assertThatThrownBy(() -> read("<testsuite><testcase/>")).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> read("")).isInstanceOf(IOException.class);
    }

    @Test
    void readsNoOtherFile() throws IOException {
        var secret = Files.writeString(folder.resolve("secret"), "<failure/>");

        assertThatThrownBy(() -> read("<!DOCTYPE testsuite [<!ENTITY x SYSTEM '%s'>]><testsuite>&x;</testsuite>"
                        .formatted(secret.toUri())))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("entity");
    }
}
