package dev.envctl.process;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A user's command that has our standard streams, as if it had been started without us. Signals that come to us are passed
 * on by whoever receives them.
 *
 * <p>It does not outlive us: the kernel kills it when the thread that started it ends, also by SIGKILL, wherever
 * {@code setpriv} of util-linux is installed. So {@link #start} and {@link #await()} belong on one thread.
 */
public final class Foreground {
    private static final Path STAT = Path.of("/proc/self/stat");
    /** Fields of proc(5)'s stat, counted from the state, which follows the program's name. */
    private static final int GROUP = 2;

    private static final int TERMINAL = 4;
    private static final int TERMINALS_GROUP = 5;

    private final Process process;
    private final ReentrantLock ending = new ReentrantLock();

    private Foreground(Process process) {
        this.process = process;
    }

    /**
     * Starts it. The command's input and time-out are not used, and the search path is the user's own.
     *
     * @throws EnvctlException PREREQUISITE if it cannot be started
     */
    public static Foreground start(Command command) {
        var program = find(command);
        var arguments = new ArrayList<String>();
        setpriv(command).ifPresent(setpriv -> arguments.addAll(List.of(setpriv, "--pdeathsig", "KILL", "--")));
        arguments.add(program);
        arguments.addAll(command.arguments().subList(1, command.arguments().size()));
        var builder = new ProcessBuilder(arguments).inheritIO();
        command.environment().forEach((name, value) -> set(builder.environment(), name, value));
        command.workingDirectory().ifPresent(directory -> builder.directory(directory.toFile()));
        try {
            return new Foreground(builder.start());
        } catch (IOException e) {
            throw missing(command, String.valueOf(e.getMessage()), e);
        }
    }

    private static void set(Map<String, @Nullable String> environment, String name, String value) {
        if (value.isEmpty()) {
            environment.remove(name);
        } else {
            environment.put(name, value);
        }
    }

    public long pid() {
        return process.pid();
    }

    /**
     * Waits for its end, and for that of all it has started where {@link #end} is at work. Its exit status; 128 + signal where
     * a signal ended it.
     */
    public int await() throws InterruptedException {
        var status = process.waitFor();
        ending.lockInterruptibly();
        ending.unlock();
        return status;
    }

    /**
     * Passes on a signal that we received. Not one that the terminal has sent to the command as well: Ctrl-C goes to every
     * process of the terminal's foreground group, and a second one means something else to many programs.
     *
     * @param signal such as {@code INT}, {@code TERM} or {@code HUP}
     */
    public void pass(String signal) {
        if (!signal.equals("INT") || !isTerminalsForeground(stat())) {
            send(signal);
        }
    }

    /** Passes on a signal that came before the command was there: nobody else has sent it that. */
    public void send(String signal) {
        if (!process.isAlive()) {
            return;
        }
        try {
            // A program of its own is not installed everywhere, but every shell has it built in.
            new ProcessBuilder("/bin/sh", "-c", "kill -s \"$0\" \"$1\"", signal, Long.toString(pid()))
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException e) {
            process.destroy();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Ends it and all that descends from it: SIGTERM, and SIGKILL for those that still run after the grace, also where their
     * parent has ended meanwhile.
     */
    public void end(Duration grace) {
        ending.lock();
        try {
            new ProcessTree(process.toHandle()).end(grace);
        } finally {
            ending.unlock();
        }
    }

    /** Whether a Ctrl-C in our terminal reaches the group of processes that the command and we are in. */
    static boolean isTerminalsForeground(String stat) {
        var fields = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ", -1);
        return fields.length > TERMINALS_GROUP
                && !fields[TERMINAL].equals("0")
                && fields[TERMINALS_GROUP].equals(fields[GROUP]);
    }

    private static String stat() {
        try {
            return Files.readString(STAT);
        } catch (IOException e) {
            return "";
        }
    }

    /** Looks for itself: what starts the program on our behalf would fail in words of its own. */
    private static String find(Command command) {
        var program = command.program();
        if (program.contains("/")) {
            var file = command.workingDirectory()
                    .orElse(Path.of(""))
                    .toAbsolutePath()
                    .resolve(program);
            if (!Files.isRegularFile(file) || !Files.isExecutable(file)) {
                throw missing(command, "%s is no program".formatted(file), null);
            }
            return program;
        }
        return searched(command, program)
                .orElseThrow(() -> missing(command, "it is in no folder of PATH", null))
                .toString();
    }

    private static Optional<Path> searched(Command command, String program) {
        var path = Optional.ofNullable(command.environment().get("PATH"))
                .or(() -> Optional.ofNullable(System.getenv("PATH")))
                .orElse("/usr/bin:/bin");
        return Stream.of(path.split(java.io.File.pathSeparator))
                .map(folder -> Path.of(folder).toAbsolutePath().resolve(program))
                .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
                .findFirst();
    }

    /** util-linux's; BusyBox has one of the same name that cannot do this. */
    private static Optional<String> setpriv(Command command) {
        return searched(command, "setpriv").filter(Foreground::isItself).map(Path::toString);
    }

    private static boolean isItself(Path file) {
        try {
            return file.toRealPath().getFileName().equals(file.getFileName());
        } catch (IOException e) {
            return false;
        }
    }

    private static EnvctlException missing(Command command, String reason, @Nullable Throwable cause) {
        return new EnvctlException(
                FailureKind.PREREQUISITE,
                "The command `%s` cannot be started: %s.".formatted(command.program(), reason),
                "Check its name and PATH.",
                cause);
    }
}
