package dev.envctl.process;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Runs programs of this machine. Thread-safe. */
public final class SystemPrograms implements Programs {
    private static final Duration GRACE = Duration.ofSeconds(2);

    /**
     * Starts a program, says its process id, and ends with the program's exit status, or as soon as it is told to. Not in the
     * shell's background: there it would ignore SIGINT for ever.
     */
    private static final String DETACHED = """
            sh -c 'echo $$; exec "$@" </dev/null >>"$0" 2>&1' "$0" "$@"
            exit $?
            """;

    private final List<Path> searchPath;

    /** @param extra directories searched after those of PATH, also by the programs that are run */
    public SystemPrograms(Path... extra) {
        var path = Optional.ofNullable(System.getenv("PATH")).orElse("/usr/bin:/bin");
        searchPath = Stream.concat(
                        Stream.of(path.split(java.io.File.pathSeparator))
                                .filter(entry -> !entry.isEmpty())
                                .map(Path::of),
                        Stream.of(extra))
                .toList();
    }

    @Override
    public Optional<Path> find(String program) {
        return searchPath.stream()
                .map(directory -> directory.resolve(program))
                .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
                .findFirst();
    }

    @Override
    public Finished run(Command command, Consumer<String> onLine) {
        var started = System.nanoTime();
        var process = launch(builder(command), command);
        var stdout = new Drain(process.getInputStream(), onLine);
        var stderr = new Drain(process.getErrorStream(), onLine);
        try {
            if (!process.waitFor(command.timeout().toMillis(), TimeUnit.MILLISECONDS)) {
                end(process);
                throw timedOut(command, stdout, stderr);
            }
            // A grandchild may keep the streams open after the program itself has ended: do not wait for it for ever.
            stdout.join(GRACE);
            stderr.join(GRACE);
        } catch (InterruptedException e) {
            end(process);
            Thread.currentThread().interrupt();
            throw new EnvctlException(
                    FailureKind.INTERRUPTED, "`%s` was interrupted.".formatted(command.paste()), "", e);
        }
        var took = Duration.ofNanos(System.nanoTime() - started);
        return new Finished(command, process.exitValue(), stdout.text(), stderr.text(), took);
    }

    @Override
    public Background start(Command command, Path output) {
        makePrivate(output);
        var process = launch(
                builder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile())),
                command);
        return new Running(process, process.pid());
    }

    @Override
    public Background startDetached(Command command, Path output) {
        makePrivate(output);
        var builder = builder(command);
        var arguments = new ArrayList<>(List.of("sh", "-c", DETACHED, output.toString()));
        arguments.addAll(builder.command());
        // A Ctrl-C is not for the one that waits either.
        leadSession(arguments);
        var process = launch(builder.command(arguments), command);
        try {
            var said = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII));
            return new Running(process, Long.parseLong(String.valueOf(said.readLine())));
        } catch (IOException | NumberFormatException e) {
            end(process);
            throw missing(command, e instanceof IOException io ? io : new IOException("no process id", e));
        }
    }

    /** What comes is appended to what an earlier start has left there. */
    private static void makePrivate(Path output) {
        var ownerOnly = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        try {
            FileChannel.open(output, Set.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND), ownerOnly)
                    .close();
        } catch (IOException e) {
            throw new EnvctlException(
                    FailureKind.FAILED,
                    "%s cannot be written: %s".formatted(output, e.getMessage()),
                    "Check free space, permissions and who owns the folder.",
                    e);
        }
    }

    private ProcessBuilder builder(Command command) {
        var program = command.program().contains("/")
                ? Path.of(command.program())
                : find(command.program()).orElseThrow(() -> missing(command, null));
        var arguments = new ArrayList<>(command.arguments());
        arguments.set(0, program.toString());
        if (command.ownSession()) {
            leadSession(arguments);
        }
        var builder = new ProcessBuilder(arguments);
        builder.environment()
                .put(
                        "PATH",
                        String.join(
                                java.io.File.pathSeparator,
                                searchPath.stream().map(Path::toString).toList()));
        command.environment().forEach((name, value) -> {
            if (value.isEmpty()) {
                builder.environment().remove(name);
            } else {
                builder.environment().put(name, value);
            }
        });
        command.workingDirectory().ifPresent(directory -> builder.directory(directory.toFile()));
        return builder;
    }

    private void leadSession(List<String> arguments) {
        find("setsid").ifPresent(setsid -> arguments.add(0, setsid.toString()));
    }

    private static Process launch(ProcessBuilder builder, Command command) {
        try {
            var process = builder.start();
            feed(process.getOutputStream(), command.input());
            return process;
        } catch (IOException e) {
            throw missing(command, e);
        }
    }

    /** Writes on a thread of its own, because a program that does not read would block the writer. */
    private static void feed(OutputStream stdin, String input) throws IOException {
        if (input.isEmpty()) {
            stdin.close();
            return;
        }
        var thread = new Thread(
                () -> {
                    try (stdin) {
                        stdin.write(input.getBytes(StandardCharsets.UTF_8));
                    } catch (IOException e) {
                        // The program ended without reading it all, which is its right.
                        return;
                    }
                },
                "feed");
        thread.setDaemon(true);
        thread.start();
    }

    /** Ends the program and all its descendants: politely first, then for certain. */
    private static void end(Process process) {
        var tree = Stream.concat(process.descendants(), Stream.of(process.toHandle()))
                .toList();
        tree.forEach(ProcessHandle::destroy);
        var until = System.nanoTime() + GRACE.toNanos();
        for (var handle : tree) {
            try {
                handle.onExit().get(Math.max(1, until - System.nanoTime()), TimeUnit.NANOSECONDS);
            } catch (InterruptedException | java.util.concurrent.ExecutionException e) {
                break;
            } catch (java.util.concurrent.TimeoutException e) {
                handle.destroyForcibly();
            }
        }
        // What was started meanwhile, by those that are ending too.
        Stream.concat(tree.stream(), tree.stream().flatMap(ProcessHandle::descendants)).toList().stream()
                .filter(ProcessHandle::isAlive)
                .forEach(ProcessHandle::destroyForcibly);
    }

    private static EnvctlException timedOut(Command command, Drain stdout, Drain stderr) {
        var soFar = new Finished(command, -1, stdout.text(), stderr.text(), command.timeout());
        return new EnvctlException(
                FailureKind.TIMEOUT,
                "`%s` did not end within %s s and was stopped.".formatted(command.paste(), seconds(command.timeout())),
                "Run the command by hand to see where it hangs.",
                soFar.tail(),
                null);
    }

    private static String seconds(Duration duration) {
        var millis = duration.toMillis();
        return millis % 1000 == 0 ? Long.toString(millis / 1000) : Double.toString(millis / 1000.0);
    }

    private static EnvctlException missing(Command command, @org.jspecify.annotations.Nullable IOException cause) {
        return new EnvctlException(
                FailureKind.PREREQUISITE,
                "The program `%s` cannot be started%s."
                        .formatted(
                                command.program(), cause == null ? ": it is not installed" : ": " + cause.getMessage()),
                "Run `envctl doctor` to see what is missing, or `envctl setup` to install it.",
                cause);
    }

    /** @param pid of the program, whose parent the process may be */
    private record Running(Process process, long pid) implements Background {
        @Override
        public boolean alive() {
            return process.isAlive();
        }

        @Override
        public int exitCode() {
            return process.exitValue();
        }

        @Override
        public void leave() {
            if (pid != process.pid()) {
                process.destroy();
            }
        }

        @Override
        public void end() {
            SystemPrograms.end(process);
        }
    }

    /** Reads one stream to its end on a thread of its own. */
    private static final class Drain {
        private final StringBuilder text = new StringBuilder();
        private final Thread thread;

        Drain(InputStream stream, Consumer<String> onLine) {
            thread = new Thread(() -> read(stream, onLine), "drain");
            thread.setDaemon(true);
            thread.start();
        }

        private void read(InputStream stream, Consumer<String> onLine) {
            try (var reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
                for (var line = reader.readLine(); line != null; line = reader.readLine()) {
                    synchronized (text) {
                        text.append(line).append('\n');
                    }
                    onLine.accept(line);
                }
            } catch (IOException | UncheckedIOException e) {
                // The stream closes under us when the program is ended: what came before is all there is.
                return;
            }
        }

        void join(Duration limit) throws InterruptedException {
            thread.join(limit.toMillis());
        }

        String text() {
            synchronized (text) {
                return text.toString();
            }
        }
    }
}
