package dev.envctl.cli;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.Progress;
import dev.envctl.environment.EnvironmentDirectory;
import dev.envctl.environment.Tools;
import dev.envctl.image.PinnedImage;
import dev.envctl.machine.Machine;
import dev.envctl.machine.Plan;
import dev.envctl.machine.Setup;
import dev.envctl.readiness.Deadline;
import dev.envctl.spec.Durations;
import dev.envctl.spec.EnvironmentSpec;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;

/** Names what set-up will do, asks, and does it: first the machine, then the images. */
final class SetupRun {
    private static final String BUILDING =
            "Build stand-ins for %s from language and system packages, as no container registry answers"
                    + " (about 10 minutes the first time)";

    private final Tools tools;
    private final Terminal terminal;
    private final Progress progress;
    private final boolean agreed;
    private final boolean standIns;

    /**
     * Does nothing yet.
     *
     * @param agreed whether the user has agreed to everything beforehand
     * @param standIns whether the tools that build stand-ins are wanted also where none is to be built
     */
    SetupRun(Tools tools, Terminal terminal, Progress progress, boolean agreed, boolean standIns) {
        this.tools = tools;
        this.terminal = terminal;
        this.progress = progress;
        this.agreed = agreed;
        this.standIns = standIns;
    }

    void run(EnvironmentSpec spec, List<PinnedImage> images) {
        var deadline = Deadline.in(spec.timeouts().setup());
        var offline = tools.images().offline();
        var toBuild = tools.images().source().toBuild(images);
        var setup = new Setup(
                Machine.here(),
                tools.programs(),
                tools.cache().path(),
                spec.cluster().engine(),
                standIns || !toBuild.isEmpty(),
                offline);
        var plan = setup.plan();
        if (offline) {
            plan.refuseOffline();
        }
        if (plan.steps().isEmpty() && toBuild.isEmpty()) {
            setup.run(progress, line -> {}, deadline);
        } else {
            consent(plan, toBuild);
            mend(setup, deadline);
        }
        tools.images().source().obtainOrBuild(images, progress, deadline);
    }

    private void consent(Plan plan, List<String> toBuild) {
        progress.note("Set-up will:");
        plan.steps()
                .forEach(step -> progress.note(
                        "  - %s (about %s)".formatted(step.sentence(), Durations.format(step.estimate()))));
        if (!toBuild.isEmpty()) {
            progress.note("  - " + BUILDING.formatted(String.join(", ", toBuild)));
        }
        if (agreed || !terminal.input()) {
            return;
        }
        progress.note("Go on? [y/N]");
        if (!answer().toLowerCase(Locale.ROOT).startsWith("y")) {
            throw new EnvctlException(
                    FailureKind.PREREQUISITE,
                    "Set-up was not agreed to; nothing was changed.",
                    "Run it again and agree, or run the commands that `envctl doctor` shows.");
        }
    }

    private static String answer() {
        try {
            // Not closed: standard input is not ours.
            var line = new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset())).readLine();
            return line == null ? "" : line.strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void mend(Setup setup, Deadline deadline) {
        EnvironmentDirectory.privateDirectory(tools.cache().path());
        var file = tools.cache().path().resolve("setup.log");
        try (var log = Files.newBufferedWriter(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            setup.run(progress, line -> write(log, line, file), deadline);
        } catch (IOException e) {
            throw unwritable(file, e);
        }
    }

    private static void write(Writer log, String line, Path file) {
        try {
            log.write(line + "\n");
            log.flush();
        } catch (IOException e) {
            throw unwritable(file, e);
        }
    }

    private static EnvctlException unwritable(Path file, IOException e) {
        return new EnvctlException(
                FailureKind.FAILED,
                "%s cannot be written: %s".formatted(file, e.getMessage()),
                "Check free space and who owns the folder.",
                e);
    }
}
