package dev.envctl.primary;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Another process that holds a lock until it is ended: within one JVM a lock is nobody else's. */
final class LockHolder implements AutoCloseable {
    private final Process process;

    private LockHolder(Process process) {
        this.process = process;
    }

    /** Returns once it holds it. */
    static LockHolder of(Path file, String which) throws IOException {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var process = new ProcessBuilder(List.of(
                        java,
                        "-cp",
                        System.getProperty("java.class.path"),
                        LockHolder.class.getName(),
                        file.toString(),
                        which))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        if (process.getInputStream().read() != '!') {
            throw new IllegalStateException("the other process did not get the lock");
        }
        return new LockHolder(process);
    }

    /** kill -9. */
    void kill() {
        process.destroyForcibly().onExit().orTimeout(10, TimeUnit.SECONDS).join();
    }

    @Override
    public void close() {
        kill();
    }

    /** Arguments: the file, and {@code primary} or {@code starter}. */
    public static void main(String[] arguments) throws IOException {
        var file = LockFile.open(Path.of(arguments[0]));
        var lock = arguments[1].equals("primary") ? file.tryPrimary() : file.tryStarter();
        System.out.print(lock.isPresent() ? '!' : '?');
        System.out.flush();
        // Ends with its parent, whose end of the pipe this is.
        if (System.in.read() < 0) {
            file.close();
        }
    }
}
