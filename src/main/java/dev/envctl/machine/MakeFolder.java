package dev.envctl.machine;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;

/** @param folder absolute */
record MakeFolder(String folder) implements Mend {
    @Override
    public String phase() {
        return "make " + folder;
    }

    @Override
    public String sentence() {
        return "Make the empty folder %s, which kind mounts into its nodes.".formatted(folder);
    }

    @Override
    public Duration estimate() {
        return Duration.ofSeconds(1);
    }

    @Override
    public void perform(Workshop workshop) {
        try {
            Files.createDirectories(workshop.machine().at(folder));
        } catch (IOException e) {
            throw new EnvctlException(
                    FailureKind.FAILED,
                    "The folder %s cannot be made: %s.".formatted(folder, e.getMessage()),
                    "Make it by hand: mkdir -p " + folder,
                    e);
        }
    }
}
