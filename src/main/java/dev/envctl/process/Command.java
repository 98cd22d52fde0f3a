package dev.envctl.process;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A program to run.
 *
 * @param arguments the program and its arguments; never passed through a shell
 * @param environment variables set on top of the inherited ones; an empty value removes the variable
 * @param directory the working directory, or null for the current one
 * @param input what it reads from standard input, UTF-8; kept out of every message, so it may be a secret
 * @param timeout how long it may run before its whole tree is ended; always positive
 * @param ownSession whether it runs in a session of its own, where the system can do that
 */
public record Command(
        List<String> arguments,
        Map<String, String> environment,
        @Nullable Path directory,
        String input,
        Duration timeout,
        boolean ownSession) {
    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_@%+=:,./-]+");

    public Command {
        arguments = List.copyOf(arguments);
        environment = Map.copyOf(environment);
        if (arguments.isEmpty()) {
            throw new IllegalArgumentException("a command needs a program");
        }
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("the timeout of " + arguments.get(0) + " must be positive: " + timeout);
        }
    }

    /** A command with a deadline of 30 seconds. */
    public static Command of(String program, String... arguments) {
        var all = new ArrayList<String>();
        all.add(program);
        all.addAll(List.of(arguments));
        return of(all);
    }

    /** A command with a deadline of 30 seconds. */
    public static Command of(List<String> arguments) {
        return new Command(arguments, Map.of(), null, "", DEFAULT_TIMEOUT, false);
    }

    public Command timeout(Duration limit) {
        return new Command(arguments, environment, directory, input, limit, ownSession);
    }

    public Command in(Path workingDirectory) {
        return new Command(arguments, environment, workingDirectory, input, timeout, ownSession);
    }

    public Command with(Map<String, String> variables) {
        var merged = new LinkedHashMap<>(environment);
        merged.putAll(variables);
        return new Command(arguments, merged, directory, input, timeout, ownSession);
    }

    /** The same command, given this text on its standard input. */
    public Command reading(String text) {
        return new Command(arguments, environment, directory, text, timeout, ownSession);
    }

    /** The same command, but a signal that a terminal sends to all our processes, such as Ctrl-C, does not reach it. */
    public Command inOwnSession() {
        return new Command(arguments, environment, directory, input, timeout, true);
    }

    public String program() {
        return arguments.get(0);
    }

    Optional<Path> workingDirectory() {
        return Optional.ofNullable(directory);
    }

    /** Leaves the input out: it may be a secret. */
    @Override
    public String toString() {
        return paste();
    }

    /** The command as it can be pasted into a POSIX shell, without the environment. */
    public String paste() {
        return arguments.stream().map(Command::quote).collect(Collectors.joining(" "));
    }

    private static String quote(String argument) {
        return PLAIN.matcher(argument).matches() ? argument : "'" + argument.replace("'", "'\\''") + "'";
    }
}
