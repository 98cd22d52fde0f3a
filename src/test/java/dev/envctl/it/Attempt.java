package dev.envctl.it;

/**
 * Something that a hostile worker tries with what its lease gave it.
 *
 * @param name system and deed, for a person to read
 */
record Attempt(String name, Deed deed) {
    /** Tries it. */
    @FunctionalInterface
    interface Deed {
        Outcome run() throws Exception;
    }

    /** What came of it, in the words of the system that was attacked. */
    sealed interface Outcome {
        String answer();
    }

    /** Its rights did not reach so far. */
    record Refused(String answer) implements Outcome {}

    record Succeeded(String answer) implements Outcome {}

    /** Failed, but not for want of rights: the attempt itself is wrong and shows nothing. */
    record Misfired(String answer) implements Outcome {}

    Outcome outcome() {
        try {
            return deed.run();
        } catch (Exception e) {
            return new Misfired(e.toString());
        }
    }
}
