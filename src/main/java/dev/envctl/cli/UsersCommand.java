package dev.envctl.cli;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.process.Command;
import dev.envctl.process.Foreground;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jline.utils.Signals;
import org.jspecify.annotations.Nullable;

/**
 * A command of the user that runs in our place: it has the standard streams, gets the signals that come to us, and its
 * exit code is ours.
 */
final class UsersCommand {
    /** Those that ask a process to end. */
    private static final List<String> ENDING = List.of("INT", "TERM", "HUP");

    private static final Duration GRACE = Duration.ofSeconds(10);

    private final List<String> early = new ArrayList<>();
    private @Nullable Foreground running;

    private UsersCommand() {}

    /** For a process that is about to end by itself, with an exit code that would no longer be true. */
    static void ignoreSignals() {
        ENDING.forEach(signal -> Signals.register(signal, () -> {}));
    }

    /**
     * Runs it to its end on this thread.
     *
     * @param started told once it runs
     * @return its exit status; 128 + signal where a signal ended it
     * @throws dev.envctl.EnvctlException PREREQUISITE if it cannot be started
     */
    static int run(Command command, Consumer<Foreground> started) {
        var run = new UsersCommand();
        // What was ignored when we were started, as below nohup, stays ignored: the JVM sees to it.
        Map<String, @Nullable Object> before = new LinkedHashMap<>();
        ENDING.forEach(signal -> before.put(signal, Signals.register(signal, () -> run.pass(signal))));
        try {
            return run.runHere(command, started);
        } finally {
            before.forEach(Signals::unregister);
        }
    }

    private int runHere(Command command, Consumer<Foreground> started) {
        var foreground = Foreground.start(command);
        begin(foreground);
        started.accept(foreground);
        try {
            return foreground.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            foreground.end(GRACE);
            throw new EnvctlException(
                    FailureKind.INTERRUPTED, "`%s` was interrupted.".formatted(command.paste()), "", e);
        }
    }

    /** No terminal has sent it what came before it was there. */
    private synchronized void begin(Foreground foreground) {
        running = foreground;
        early.forEach(foreground::send);
    }

    private synchronized void pass(String signal) {
        if (running == null) {
            early.add(signal);
        } else {
            running.pass(signal);
        }
    }
}
