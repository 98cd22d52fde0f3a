package dev.envctl.it;

import java.time.Duration;

/** A program that has ended: its exit code and what it wrote, UTF-8. */
record Ran(int exitCode, String stdout, String stderr, Duration took) {
    /** For the description of a failed assertion. */
    String all() {
        return "exit code %d after %s%n--- stdout%n%s%n--- stderr%n%s".formatted(exitCode, took, stdout, stderr);
    }
}
