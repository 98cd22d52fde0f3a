package dev.envctl.machine;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.process.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Keeps packages from starting their services while they are installed, by Debian's policy-rc.d. A policy that is there
 * already stays as it is. Ours denies only while this process lives, so that one left by a killed set-up does no harm.
 */
final class ServiceStarts implements AutoCloseable {
    private static final String POLICY = "/usr/sbin/policy-rc.d";
    private static final String HEADER = "#!/bin/sh\n# Written by envctl setup";

    private final Workshop workshop;
    private final boolean forbidden;

    private ServiceStarts(Workshop workshop, boolean forbidden) {
        this.workshop = workshop;
        this.forbidden = forbidden;
    }

    static ServiceStarts forbid(Workshop workshop) {
        var policy = workshop.machine().at(POLICY);
        try {
            if (isOurs(policy)) {
                Files.delete(policy);
            }
            if (Files.exists(policy)) {
                workshop.log().accept(POLICY + " is there already and decides which services start");
                return new ServiceStarts(workshop, false);
            }
            var process = workshop.machine().status("Pid").orElse("1");
            Files.createDirectories(policy.getParent());
            Files.writeString(
                    policy,
                    HEADER + " while it installs packages: no service starts as long as it runs.\n"
                            + "test -d /proc/%s && exit 101\nexit 0\n".formatted(process),
                    StandardOpenOption.CREATE_NEW);
            Files.setPosixFilePermissions(policy, PosixFilePermissions.fromString("rwxr-xr-x"));
            return new ServiceStarts(workshop, true);
        } catch (IOException e) {
            throw new EnvctlException(
                    FailureKind.FAILED,
                    "%s cannot be written, which keeps new packages from starting services: %s."
                            .formatted(POLICY, e.getMessage()),
                    "Run the commands that `envctl doctor` shows by hand.",
                    e);
        }
    }

    /** Keeps the service from starting at boot too, and stops it where another policy let it start. */
    void keepOff(String service) {
        tolerantly(Command.of("update-rc.d", service, "disable"));
        if (!forbidden) {
            tolerantly(Command.of("invoke-rc.d", "--disclose-deny", service, "stop"));
        }
    }

    /** A service that cannot be stopped is a nuisance, not a reason to give up. */
    private void tolerantly(Command command) {
        try {
            var finished = workshop.run(command);
            if (!finished.succeeded()) {
                workshop.log().accept("`%s` ended with exit code %d".formatted(command.paste(), finished.exitCode()));
            }
        } catch (EnvctlException e) {
            if (e.kind() == FailureKind.INTERRUPTED) {
                throw e;
            }
            workshop.log().accept(e.problem());
        }
    }

    @Override
    public void close() {
        var policy = workshop.machine().at(POLICY);
        try {
            if (forbidden && isOurs(policy)) {
                Files.delete(policy);
            }
        } catch (IOException e) {
            workshop.progress().warn("%s could not be removed; it has no effect any more.".formatted(POLICY));
        }
    }

    private static boolean isOurs(Path policy) {
        return Machine.read(policy).filter(text -> text.startsWith(HEADER)).isPresent();
    }
}
