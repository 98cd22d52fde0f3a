package dev.envctl.machine;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Makes many checks at once; one that hangs costs its own answer and nobody else's. */
final class Examination {
    /** How long a program may take to say what it is. */
    static final Duration LIMIT = Duration.ofSeconds(5);

    /** A check may ask two programs in turn. */
    private static final Duration WHOLE = LIMIT.multipliedBy(2).plusSeconds(1);

    /** A check that was made. */
    record Examined(Check check, Verdict verdict) {
        Row row() {
            var mend = verdict.mends().stream().findFirst().map(Mend::sentence);
            return new Row(check.title(), check.need(), verdict.outcome(), mend);
        }
    }

    private final Duration limit;

    Examination() {
        this(WHOLE);
    }

    Examination(Duration limit) {
        this.limit = limit;
    }

    /** Makes the checks; the answers are in their order. */
    List<Examined> of(List<Check> checks) {
        var threads = Executors.newFixedThreadPool(Math.max(1, checks.size()), task -> {
            var thread = new Thread(task, "check");
            thread.setDaemon(true);
            return thread;
        });
        try {
            var answers = threads.invokeAll(
                    checks.stream()
                            .map(check -> (java.util.concurrent.Callable<Verdict>) check::look)
                            .toList(),
                    limit.toMillis(),
                    TimeUnit.MILLISECONDS);
            var examined = new ArrayList<Examined>();
            for (var i = 0; i < checks.size(); i++) {
                examined.add(new Examined(checks.get(i), verdict(answers.get(i))));
            }
            return examined;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EnvctlException(FailureKind.INTERRUPTED, "The checks were interrupted.", "", e);
        } finally {
            threads.shutdownNow();
        }
    }

    private Verdict verdict(Future<Verdict> answer) throws InterruptedException {
        try {
            return answer.get();
        } catch (CancellationException e) {
            return Verdict.of(
                    Outcome.wrong("It was not answered within %d s.".formatted(limit.toSeconds()), List.of()));
        } catch (ExecutionException e) {
            return Verdict.of(Outcome.wrong("It cannot be looked at: %s.".formatted(e.getCause()), List.of()));
        }
    }
}
