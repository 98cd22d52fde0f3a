package dev.envctl.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class OwnProcessTest {
    private final Programs programs = new SystemPrograms();

    /** What {@link OwnProcess#again} is asked to start in this test. */
    static final class Hello {
        private Hello() {}

        /** Says what it was given and whether it leads a session of its own. */
        public static void main(String[] arguments) throws java.io.IOException {
            var stat = java.nio.file.Files.readString(java.nio.file.Path.of("/proc/self/stat"));
            var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            System.out.print(String.join("|", arguments) + " " + fields[3].equals(Long.toString(OwnProcess.pid())));
        }
    }

    @Test
    void startsTheSameProgramWithOtherArguments() {
        var command = OwnProcess.again(Hello.class.getName(), List.of("primary", "two words"));

        // JUnit's own launcher was started in another way: the class path stands in for our main class.
        assertThat(programs.run(command).orThrow("")).startsWith("primary|two words ");
    }

    @Test
    void startsItInASessionOfItsOwn() {
        var command = OwnProcess.again(Hello.class.getName(), List.of());

        assertThat(programs.run(command).orThrow("").strip()).isEqualTo("true");
    }

    @Test
    void knowsItself() {
        assertThat(OwnProcess.pid()).isEqualTo(ProcessHandle.current().pid());
        assertThat(OwnProcess.bootId()).isNotBlank();
    }
}
