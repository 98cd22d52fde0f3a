package dev.envctl.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * One process of this machine, told apart from a later one that got the same pid. Written as {@code PID@STARTED}.
 *
 * @param started when it was started: clock ticks since the kernel's start (proc(5)), which no change of the wall clock moves;
 *     milliseconds since 1970 where there is no /proc
 */
public record KnownProcess(long pid, long started) {
    private static final Pattern WRITTEN = Pattern.compile("([0-9]{1,10})@([0-9]{1,18})");
    /** Columns of /proc/PID/stat after the name in parentheses, which may itself hold spaces. */
    private static final int STATE = 0;

    private static final int START_TIME = 19;

    /** The process that has this pid now; empty where there is none, or only one that has ended and is not yet buried. */
    public static Optional<KnownProcess> of(long pid) {
        return Files.isDirectory(Path.of("/proc/self")) ? fromProc(pid) : fromHandle(pid);
    }

    public static KnownProcess self() {
        return of(OwnProcess.pid()).orElseThrow();
    }

    /** Reads back what {@link #toString} writes. */
    public static Optional<KnownProcess> parse(String text) {
        var parts = WRITTEN.matcher(text);
        return parts.matches()
                ? Optional.of(new KnownProcess(Long.parseLong(parts.group(1)), Long.parseLong(parts.group(2))))
                : Optional.empty();
    }

    /** Whether this very process still runs. */
    public boolean alive() {
        return of(pid).filter(this::equals).isPresent();
    }

    private static Optional<KnownProcess> fromProc(long pid) {
        try {
            var stat = Files.readString(
                    Path.of("/proc", Long.toString(pid), "stat"), java.nio.charset.StandardCharsets.ISO_8859_1);
            var columns = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ", -1);
            return columns[STATE].equals("Z") || columns[STATE].equals("X")
                    ? Optional.empty()
                    : Optional.of(new KnownProcess(pid, Long.parseLong(columns[START_TIME])));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static Optional<KnownProcess> fromHandle(long pid) {
        return ProcessHandle.of(pid)
                .filter(ProcessHandle::isAlive)
                .map(process -> new KnownProcess(
                        pid, process.info().startInstant().orElse(Instant.EPOCH).toEpochMilli()));
    }

    @Override
    public String toString() {
        return pid + "@" + started;
    }
}
