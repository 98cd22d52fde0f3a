package dev.envctl.primary;

import dev.envctl.environment.EnvironmentDirectory;
import dev.envctl.process.KnownProcess;
import dev.envctl.process.OwnProcess;
import dev.envctl.process.SystemPrograms;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** A process with a guardian and nothing to guard, until its input ends; `release` on it ends the guardian in order. */
final class GuardedPrimary {
    private GuardedPrimary() {}

    /** Arguments: the environment's folder, a file to be made when it is reaped, and owners. */
    public static void main(String[] arguments) throws IOException {
        var directory = new EnvironmentDirectory(Path.of(arguments[0]));
        Files.writeString(directory.primary(), "{\"pid\":%d,\"api\":\"\"}".formatted(OwnProcess.pid()));
        var owners = Arrays.stream(arguments)
                .skip(2)
                .map(owner -> KnownProcess.parse(owner).orElseThrow())
                .toList();
        var guardian = new Guardian(new SystemPrograms(), directory, List.of("touch", arguments[1]), owners);
        guardian.ensure();
        var again = new Thread(() -> {
            while (true) {
                guardian.ensure();
                LockSupport.parkNanos(100_000_000);
            }
        });
        again.setDaemon(true);
        again.start();
        System.out.print('!');
        System.out.flush();
        if (System.in.read() == 'r') {
            guardian.release();
            System.in.readAllBytes();
        }
    }
}
