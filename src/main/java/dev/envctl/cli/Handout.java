package dev.envctl.cli;

import java.util.Map;
import java.util.Set;

/** What a command hands out, as each {@link Recipient} may want it. */
interface Handout {
    /** For people; ends with a line end. */
    String text();

    /** Ends with a line end. */
    String json();

    /** For processes. */
    Map<String, String> variables();

    /** For later steps of a workflow, by lower-case names with hyphens. */
    Map<String, String> outputs();

    /** What of all this must not be read in a log. */
    Set<String> secrets();

    /** For the page that shows a run, in GitHub's Markdown. */
    String summary();
}
