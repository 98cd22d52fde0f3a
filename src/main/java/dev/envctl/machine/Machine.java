package dev.envctl.machine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The machine as its files and the caller's environment show it.
 *
 * @param root what stands for {@code /}
 * @param system the operating system's name, as in {@code os.name}
 * @param architecture the processor's name, as in {@code os.arch}
 * @param home the user's home directory, absolute
 */
public record Machine(Path root, Map<String, String> environment, String system, String architecture, Path home) {
    private static final int CAP_SYS_RESOURCE = 24;
    private static final int LARGEST = 1 << 20;

    public Machine {
        environment = Map.copyOf(environment);
    }

    /** The machine this process runs on. */
    public static Machine here() {
        return new Machine(
                Path.of("/"),
                System.getenv(),
                System.getProperty("os.name"),
                System.getProperty("os.arch"),
                Path.of(System.getProperty("user.home")));
    }

    boolean isLinux() {
        return system.equals("Linux");
    }

    boolean isMac() {
        return system.toLowerCase(Locale.ROOT).startsWith("mac");
    }

    /** Whether this process may change the machine; never on macOS, where Homebrew refuses root. */
    boolean isRoot() {
        return isLinux() && userId() == 0;
    }

    /** The effective user id, or -1 where /proc does not tell. */
    long userId() {
        return status("Uid")
                .map(ids -> ids.split("\\s+"))
                .filter(ids -> ids.length > 1)
                .map(ids -> Long.parseLong(ids[1]))
                .orElse(-1L);
    }

    String userName() {
        return Optional.ofNullable(environment.get("USER")).orElseGet(() -> Long.toString(userId()));
    }

    /** The value of a field of /proc/self/status. */
    Optional<String> status(String field) {
        return status("self", field);
    }

    private Optional<String> status(String process, String field) {
        return lines("/proc/" + process + "/status").stream()
                .filter(line -> line.startsWith(field + ":"))
                .map(line -> line.substring(field.length() + 1).strip())
                .findFirst();
    }

    /** Whether a process has CAP_SYS_RESOURCE; true where /proc does not tell. */
    boolean mayRaiseLimits(String process) {
        return status(process, "CapEff")
                .map(mask -> (Long.parseUnsignedLong(mask, 16) >> CAP_SYS_RESOURCE & 1) == 1)
                .orElse(true);
    }

    /** Whether systemd is the service manager that runs here, by the rule of sd_booted(3). */
    boolean hasSystemd() {
        return Files.isDirectory(at("/run/systemd/system"));
    }

    /** Whether only cgroup v2 is mounted; false for cgroup v1 and for the hybrid of both. */
    boolean hasUnifiedCgroups() {
        return exists("/sys/fs/cgroup/cgroup.controllers");
    }

    /** @param absolute a path that begins with a slash */
    Path at(String absolute) {
        return root.resolve(absolute.substring(1));
    }

    boolean exists(String absolute) {
        return Files.exists(at(absolute));
    }

    /** A file's text; empty where it is missing or may not be read. */
    Optional<String> read(String absolute) {
        return read(at(absolute));
    }

    /**
     * Reads in large pieces: Files.readString reads one byte first where the size is told as 0, and files in /proc/sys
     * give nothing more after the first read.
     */
    static Optional<String> read(Path file) {
        try (var stream = Files.newInputStream(file)) {
            return Optional.of(new String(stream.readNBytes(LARGEST), StandardCharsets.UTF_8));
        } catch (IOException e) {
            // Not there, or not for this user to read: the same for a look from outside.
            return Optional.empty();
        }
    }

    List<String> lines(String absolute) {
        return read(absolute).map(text -> text.lines().toList()).orElse(List.of());
    }

    /** A number that stands alone in a file, such as a kernel parameter. */
    Optional<Long> number(String absolute) {
        return read(absolute)
                .map(String::strip)
                .filter(text -> text.matches("\\d{1,18}"))
                .map(Long::valueOf);
    }

    /** Bytes this user may still write where the directory is, or would be. */
    static long freeBytes(Path directory) {
        var there = directory.toAbsolutePath();
        while (!Files.exists(there) && there.getParent() != null) {
            there = there.getParent();
        }
        try {
            return Files.getFileStore(there).getUsableSpace();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
