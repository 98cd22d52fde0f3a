package dev.envctl.image;

import dev.envctl.Progress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * Turns the lines by which a build tells its steps into progress: {@code ==> NAME [2/7] Title (about 300 s)} and
 * {@code <== NAME [2/7] 301 s}. Steps may overlap.
 */
final class BuildSteps implements Consumer<String> {
    private static final Pattern STARTED = Pattern.compile("==> (\\S+ \\[\\d+/\\d+]) (.+)");
    private static final Pattern ENDED = Pattern.compile("<== (\\S+ \\[\\d+/\\d+]) (.+)");

    private final Progress progress;
    private final Map<String, Step> running = new ConcurrentHashMap<>();

    private record Step(String phase, long startedNanos) {
        Duration took() {
            return Duration.ofNanos(System.nanoTime() - startedNanos);
        }
    }

    BuildSteps(Progress progress) {
        this.progress = progress;
    }

    @Override
    public void accept(String line) {
        var started = STARTED.matcher(line);
        if (started.matches()) {
            var step = new Step("build " + started.group(1) + " " + started.group(2), System.nanoTime());
            running.put(started.group(1), step);
            progress.report(new Progress.Started(step.phase()));
            return;
        }
        var ended = ENDED.matcher(line);
        if (ended.matches()) {
            end(ended.group(1), Progress.Outcome.OK);
        }
    }

    /** Called when the build is over: what has not ended by then never will. */
    void endAll(Progress.Outcome outcome) {
        for (var number : running.keySet()) {
            end(number, outcome);
        }
    }

    private void end(String number, Progress.Outcome outcome) {
        var step = running.remove(number);
        if (step != null) {
            progress.report(new Progress.Finished(step.phase(), outcome, step.took()));
        }
    }
}
