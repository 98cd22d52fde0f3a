package dev.envctl.it;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** What a test needs besides envctl; without it the test says that it was not run. */
final class Installed {
    private Installed() {}

    static void requirePython() {
        require(
                "python3 -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 9))'",
                "Python 3.9 with venv");
    }

    static void requireGo() {
        require("go version | grep -E 'go1\\.(2[4-9]|[3-9][0-9])'", "Go 1.24");
    }

    static void requireShellTools() {
        require("command -v psql && command -v curl", "psql and curl");
    }

    private static void require(String question, String what) {
        assumeTrue(succeeds(question), "not run: there is no " + what + " or newer here");
    }

    private static boolean succeeds(String question) {
        try {
            var asked = new ProcessBuilder("sh", "-c", question)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!asked.waitFor(30, TimeUnit.SECONDS)) {
                asked.destroyForcibly();
                return false;
            }
            return asked.exitValue() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }
}
