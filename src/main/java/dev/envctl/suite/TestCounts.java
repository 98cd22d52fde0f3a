package dev.envctl.suite;

/**
 * What JUnit files say.
 *
 * @param files how many there are
 * @param tests all, also those that failed or were skipped
 */
public record TestCounts(int files, int tests, int failures, int errors, int skipped) {
    static final TestCounts NONE = new TestCounts(0, 0, 0, 0, 0);

    TestCounts plus(TestCounts other) {
        return new TestCounts(
                files + other.files,
                tests + other.tests,
                failures + other.failures,
                errors + other.errors,
                skipped + other.skipped);
    }

    /** Of two accounts of the same tests what is worse in each. */
    TestCounts orWorse(TestCounts other) {
        return new TestCounts(
                Math.max(files, other.files),
                Math.max(tests, other.tests),
                Math.max(failures, other.failures),
                Math.max(errors, other.errors),
                Math.max(skipped, other.skipped));
    }

    /** Those that did not pass. */
    public int bad() {
        return failures + errors;
    }
}
