package dev.envctl.cli;

import com.google.gson.GsonBuilder;
import dev.envctl.FailureKind;
import dev.envctl.client.Request;
import dev.envctl.client.SuitesInCluster;
import dev.envctl.spec.Durations;
import dev.envctl.spec.Overrides;
import dev.envctl.suite.Outcome;
import dev.envctl.suite.SuiteResult;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code envctl suite}: test suites inside the cluster. */
@Command(
        name = "suite",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = "Run the test suites that the environment file declares, inside the cluster.",
        subcommands = SuiteCommand.Run.class)
final class SuiteCommand implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "A command is missing: run.");
    }

    /** {@code envctl suite run}. */
    @Command(
            name = "run",
            mixinStandardHelpOptions = true,
            description = {
                "Run suites side by side, each as a Job with a lease of its own, and say how each of their pods ended.",
                "Exit code: 0 if all passed, 1 if one failed or nobody knows how it ended, 4 if one only took too long."
            })
    static final class Run implements Callable<Integer> {
        @Mixin
        private EnvironmentOption environment = new EnvironmentOption();

        @Parameters(paramLabel = "SUITE", description = "The suites. Default: all that are declared.")
        private List<String> names = new ArrayList<>();

        @Option(
                names = "--parallel",
                paramLabel = "N",
                description = "How many at the same time. Default: as many as there are leases free.")
        private int parallel;

        @Option(
                names = "--timeout",
                paramLabel = "DURATION",
                description = "How long all may take together. Default: only as long as each may.")
        private String timeout = "";

        @Option(
                names = "--reports",
                paramLabel = "FOLDER",
                description = "Gets a folder for each suite, with its log and reports. Default: .envctl/NAME/suites.")
        private String reports = "";

        @Mixin
        private OutputOption output = new OutputOption();

        @Spec
        private CommandSpec spec = CommandSpec.create();

        private final Terminal terminal;

        Run(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() {
            var variables = terminal.variables();
            var wanted = wanted();
            var handOff = Running.handOff(environment, variables);
            var request = Request.read(
                    Wiring.installation(), environment.files(), environment.name(variables), Overrides.from(variables));
            List<SuiteResult> results;
            try (var view = ProgressOptions.open(spec, terminal)) {
                Running.tell(request.directory(), view);
                results = new SuitesInCluster(request, handOff, Wiring.tools(variables), view).run(wanted);
            }
            var outcome = worst(results);
            WorkerCommand.print(
                    spec,
                    output.json()
                            ? terminal.inertJson(json(handOff.name(), outcome, results))
                            : terminal.inert(SuiteTable.text(results)));
            return switch (outcome) {
                case PASSED -> 0;
                case TIMEOUT -> FailureKind.TIMEOUT.exitCode();
                case FAILED, UNKNOWN -> FailureKind.FAILED.exitCode();
            };
        }

        private SuitesInCluster.Wanted wanted() {
            if (spec.commandLine().getParseResult().hasMatchedOption("--parallel") && parallel < 1) {
                throw new ParameterException(
                        spec.commandLine(), "Invalid value for --parallel: at least one suite has to run.");
            }
            return new SuitesInCluster.Wanted(
                    names,
                    parallel == 0 ? OptionalInt.empty() : OptionalInt.of(parallel),
                    limit(),
                    reports.isEmpty()
                            ? Optional.empty()
                            : Optional.of(Path.of(reports).toAbsolutePath().normalize()));
        }

        private Optional<Duration> limit() {
            try {
                return timeout.isEmpty() ? Optional.empty() : Optional.of(Durations.parse(timeout));
            } catch (IllegalArgumentException e) {
                throw new ParameterException(spec.commandLine(), "Invalid value for --timeout: " + e.getMessage(), e);
            }
        }

        /** What failed weighs more than what took too long: that may only be in need of time. */
        private static Outcome worst(List<SuiteResult> results) {
            var outcomes = results.stream().map(SuiteResult::outcome).toList();
            return List.of(Outcome.FAILED, Outcome.UNKNOWN, Outcome.TIMEOUT).stream()
                    .filter(outcomes::contains)
                    .findFirst()
                    .orElse(Outcome.PASSED);
        }

        private static String json(String name, Outcome outcome, List<SuiteResult> results) {
            var gson =
                    new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();
            var whole = new LinkedHashMap<String, Object>();
            whole.put("environment", name);
            whole.put("outcome", outcome);
            whole.put("suites", results);
            return gson.toJson(whole) + "\n";
        }
    }
}
