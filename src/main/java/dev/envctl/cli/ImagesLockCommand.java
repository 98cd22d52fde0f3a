package dev.envctl.cli;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.image.ImageLock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code envctl images lock}. */
@Command(
        name = "lock",
        mixinStandardHelpOptions = true,
        description = {
            "Resolve tags to digests and write images.lock.",
            "Without arguments all locked images are resolved again; NAME=REPOSITORY:TAG adds or changes one, and"
                    + " leaves the others as they are."
        })
final class ImagesLockCommand implements Callable<Integer> {
    @Parameters(arity = "0..*", paramLabel = "NAME=REPOSITORY:TAG", description = "What to lock.")
    private List<String> wanted = List.of();

    @Option(names = "--check", description = "Change nothing; exit code 5 where the file would change.")
    private boolean check;

    @Option(names = "--hash", description = "Only print a hash of what is locked, for the keys of caches; asks nobody.")
    private boolean hash;

    @Option(names = "--update", paramLabel = "NAME", description = "Resolve only this image again.")
    private List<String> update = List.of();

    @Option(
            names = "--locked",
            negatable = true,
            description = "Refuse to change images.lock; implied where the variable CI is set.")
    private @Nullable Boolean locked;

    @Option(
            names = "--timeout",
            paramLabel = "DURATION",
            description = "How long it may take in all. Default: ${DEFAULT-VALUE}.",
            defaultValue = "2m")
    private String timeout = "2m";

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private final Terminal terminal;

    ImagesLockCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        if (Stream.of(check, hash, !update.isEmpty() || !wanted.isEmpty())
                        .filter(asked -> asked)
                        .count()
                > 1) {
            throw new ParameterException(spec.commandLine(), "--check, --hash and names of images do not go together.");
        }
        var out = spec.commandLine().getOut();
        if (hash) {
            out.println(ImageLock.read(ImagesCommand.file()).hash());
            out.flush();
            return 0;
        }
        if (!check) {
            refuseWhereLocked();
        }
        var deadline = ImagesCommand.deadline(spec, timeout);
        var locking = Wiring.tools(terminal.variables()).images().locking();
        try (var view = ProgressOptions.open(spec, terminal)) {
            if (check) {
                locking.check(ImagesCommand.file(), view, deadline);
                return 0;
            }
            locking.lock(ImagesCommand.file(), requested(), update, view, deadline)
                    .forEach(change -> out.println(change.describe()));
            out.flush();
        }
        return 0;
    }

    /** What a build tested must be what was reviewed: nothing moves there unasked. */
    private void refuseWhereLocked() {
        var ci = terminal.variables().getOrDefault("CI", "");
        var implied = !ci.isEmpty() && !ci.equalsIgnoreCase("false") && !ci.equals("0");
        if (locked == null ? implied : locked) {
            throw new EnvctlException(
                    FailureKind.USAGE,
                    "images.lock is not changed here: %s."
                            .formatted(locked == null ? "CI is `%s`".formatted(ci) : "--locked was asked for"),
                    "Run `envctl images lock` on your own machine and commit the file; `--check` only compares, and"
                            + " `--no-locked` is for a job whose purpose it is to renew the file.");
        }
    }

    private Map<String, String> requested() {
        var requested = new LinkedHashMap<String, String>();
        for (var word : wanted) {
            var equals = word.indexOf('=');
            if (equals <= 0 || equals == word.length() - 1) {
                throw new ParameterException(spec.commandLine(), "`%s` is not NAME=REPOSITORY:TAG.".formatted(word));
            }
            requested.put(word.substring(0, equals), word.substring(equals + 1));
        }
        return requested;
    }
}
