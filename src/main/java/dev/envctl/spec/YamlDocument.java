package dev.envctl.spec;

/** A YAML file that was read, with what is found wrong with it. */
public final class YamlDocument {
    private final YamlValue root;
    private final Problems problems;
    private final String remedy;

    YamlDocument(YamlValue root, Problems problems, String remedy) {
        this.root = root;
        this.problems = problems;
        this.remedy = remedy;
    }

    public YamlValue root() {
        return root;
    }

    /**
     * Notes a mistake that no schema can see. {@link #orThrow()} tells it together with all others.
     *
     * @param message one line that follows {@code file:line:column: }
     */
    public void reject(YamlValue value, String message) {
        problems.atValue(value, message);
    }

    /**
     * Ends the reading where anything is wrong.
     *
     * @throws dev.envctl.EnvctlException USAGE with every mistake in file order, if there are any
     */
    public void orThrow() {
        problems.orThrow(remedy);
    }

    Problems problems() {
        return problems;
    }
}
