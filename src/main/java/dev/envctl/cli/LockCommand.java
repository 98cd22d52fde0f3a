package dev.envctl.cli;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.primary.LockClient;
import dev.envctl.primary.PrimaryRecord;
import dev.envctl.process.Command;
import dev.envctl.process.Foreground;
import dev.envctl.process.OwnProcess;
import dev.envctl.spec.Durations;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code envctl lock}: a command runs while a named lock is held. The lock ends with the connection that holds it, so it
 * is given back however we end; the command ends with us, and when the lock is lost.
 */
@picocli.CommandLine.Command(
        name = "lock",
        mixinStandardHelpOptions = true,
        description = {
            "Run a command while holding a named lock of the environment. Its exit code is the command's.",
            "The lock is given back when this process ends, however it ends. If it is lost because the environment is"
                    + " removed or its primary dies, the command is ended with SIGTERM, and the exit code is 6."
        },
        synopsisHeading = "Usage: ",
        customSynopsis = "envctl lock [-e NAME] [--shared] [--timeout DURATION] LOCK -- COMMAND...%n")
final class LockCommand implements Callable<Integer> {
    private static final Duration GRACE = Duration.ofSeconds(10);
    private static final int LONGEST_COMMAND = 120;

    @Parameters(index = "0", paramLabel = "LOCK", description = "Any name: letters, digits, `.`, `_` and `-`.")
    private String name = "";

    @Parameters(index = "1..*", arity = "1..*", paramLabel = "COMMAND", description = "The command and its arguments.")
    private List<String> command = new ArrayList<>();

    @Option(names = "--shared", description = "Hold it together with others that share it; not with anybody else.")
    private boolean shared;

    @Option(
            names = "--timeout",
            paramLabel = "DURATION",
            description =
                    "How long to wait for it, such as 90s; then the exit code is 4. Default: as long as it takes.")
    private String timeout = "";

    @Mixin
    private EnvironmentOption environment = new EnvironmentOption();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private final Terminal terminal;
    private volatile boolean lost;

    LockCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        var wanted = new LockClient.Wanted(name, shared, limit(), describe(Command.of(command)));
        try (var taken = client().take(wanted, holders -> note("waiting for lock %s: %s".formatted(name, holders)))) {
            var code =
                    UsersCommand.run(Command.of(command), running -> taken.onLoss(reason -> giveUp(running, reason)));
            return lost ? FailureKind.NOT_OWNER.exitCode() : code;
        }
    }

    /** What holds the lock for us does so no longer: somebody else may take it. */
    private void giveUp(Foreground running, String reason) {
        lost = true;
        note("error: lock %s is lost: %s. The command is being ended.".formatted(name, reason));
        running.end(GRACE);
    }

    private LockClient client() {
        var variables = terminal.variables();
        var api = variables.getOrDefault("ENVCTL_API", "");
        var token = variables.getOrDefault("ENVCTL_TOKEN", "");
        if (!environment.given() && !api.isEmpty() && !token.isEmpty()) {
            return new LockClient(api, token);
        }
        Running.handOff(environment, variables);
        var directory = environment.directory(variables);
        return PrimaryRecord.read(directory.primary())
                .map(primary -> new LockClient(primary.api(), primary.token()))
                .orElseThrow(() -> new EnvctlException(
                        FailureKind.NOT_OWNER,
                        "%s cannot be read.".formatted(directory.primary()),
                        "Run the command in the folder of the environment's owner."));
    }

    private Optional<Duration> limit() {
        try {
            return timeout.isEmpty() ? Optional.empty() : Optional.of(Durations.parse(timeout));
        } catch (IllegalArgumentException e) {
            throw new EnvctlException(FailureKind.USAGE, "--timeout: " + e.getMessage(), "", e);
        }
    }

    private static String describe(Command command) {
        var pasted = command.paste();
        var shown = pasted.length() > LONGEST_COMMAND ? pasted.substring(0, LONGEST_COMMAND) + "…" : pasted;
        return "%s [pid %d]".formatted(shown, OwnProcess.pid());
    }

    private void note(String line) {
        var err = spec.commandLine().getErr();
        err.println(line);
        err.flush();
    }
}
