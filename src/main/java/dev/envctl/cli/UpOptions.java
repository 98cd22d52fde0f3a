package dev.envctl.cli;

import dev.envctl.image.Images;
import dev.envctl.spec.Overrides;
import java.util.ArrayList;
import java.util.HashMap;
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

    @Option(
            names = "--offline",
            description = "Ask no registry and no name server: use the images that are here. Also $$ENVCTL_OFFLINE.")
    private boolean offline;

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

    boolean offline() {
        return offline;
    }

    /** The variables that say with what an environment is made. */
    Map<String, String> variables(Map<String, String> variables) {
        if (!offline) {
            return variables;
        }
        var own = new HashMap<>(variables);
        Images.goOffline(own);
        return own;
    }

    /** The same options as words. */
    List<String> words() {
        var words = new ArrayList<String>();
        if (keepOnFailure) {
            words.add("--keep-on-failure");
        }
        if (offline) {
            words.add("--offline");
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
