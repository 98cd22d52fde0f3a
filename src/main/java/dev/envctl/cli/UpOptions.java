package dev.envctl.cli;

import dev.envctl.spec.Overrides;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** What shapes a creation, whether it runs here or in a detached primary. */
final class UpOptions {
    @Option(
            names = "--keep-on-failure",
            description = "Keep what was made when creation fails, to look at; `envctl down` removes it.")
    private boolean keepOnFailure;

    @Option(
            names = "--timeout",
            paramLabel = "DURATION",
            description = "How long creation may take in all, such as 5m or 90s; overrides timeouts.total.")
    private String timeout = "";

    @Option(names = "--workers", paramLabel = "N", description = "How many workers; overrides workers.count.")
    private String workers = "";

    boolean keepOnFailure() {
        return keepOnFailure;
    }

    Overrides overrides(Map<String, String> variables) {
        var overrides = Overrides.from(variables);
        if (!timeout.isEmpty()) {
            overrides = overrides.with("timeouts.total", timeout, "--timeout");
        }
        return workers.isEmpty() ? overrides : overrides.with("workers.count", workers, "--workers");
    }

    /** The same options as words. */
    List<String> words() {
        var words = new ArrayList<String>();
        if (keepOnFailure) {
            words.add("--keep-on-failure");
        }
        if (!timeout.isEmpty()) {
            words.add("--timeout");
            words.add(timeout);
        }
        if (!workers.isEmpty()) {
            words.add("--workers");
            words.add(workers);
        }
        return words;
    }
}
