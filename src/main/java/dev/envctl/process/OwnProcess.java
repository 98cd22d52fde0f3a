package dev.envctl.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** This process: who it is, and how it was started. */
public final class OwnProcess {
    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

    private static final Path MACHINE_ID = Path.of("/etc/machine-id");
    private static final Path MOUNTS = Path.of("/proc/self/ns/mnt");

    private OwnProcess() {}

    public static long pid() {
        return ProcessHandle.current().pid();
    }

    public static Instant started() {
        return ProcessHandle.current().info().startInstant().orElseGet(Instant::now);
    }

    /** Changes with every boot of the kernel; empty where the system does not tell. */
    public static String bootId() {
        try {
            return Files.readString(BOOT_ID).strip();
        } catch (IOException e) {
            return "";
        }
    }

    /**
     * Where the paths that we see are those of others: the machine, and on Linux the mount namespace, which each container
     * has of its own. Empty where neither is told.
     */
    public static String place() {
        return (machineId() + " " + mounts()).strip();
    }

    private static String machineId() {
        try {
            return Files.readString(MACHINE_ID).strip();
        } catch (IOException e) {
            return "";
        }
    }

    private static String mounts() {
        try {
            return Files.readSymbolicLink(MOUNTS).toString();
        } catch (IOException e) {
            return "";
        }
    }

    /**
     * A command that runs this same program with other arguments, in a session of its own where the system can do that, so
     * that a Ctrl-C in our terminal does not reach it.
     *
     * @param mainClass where our own arguments begin in the Java command line
     */
    public static Command again(String mainClass, List<String> arguments) {
        var info = ProcessHandle.current().info();
        var own = Arrays.asList(info.arguments().orElse(new String[0]));
        var java = info.command()
                .orElse(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        var line = new ArrayList<String>();
        line.add(java);
        var main = own.indexOf(mainClass);
        if (main >= 0) {
            line.addAll(own.subList(0, main));
        } else {
            line.addAll(List.of("-cp", System.getProperty("java.class.path")));
        }
        line.add(mainClass);
        line.addAll(arguments);
        return Command.of(line).timeout(Duration.ofDays(1)).inOwnSession();
    }
}
