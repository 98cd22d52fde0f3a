package dev.envctl.cli;

import dev.envctl.client.Request;
import dev.envctl.spec.Overrides;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code envctl setup}. */
@Command(
        name = "setup",
        mixinStandardHelpOptions = true,
        description = {
            "Install what this machine lacks, and get or build the images. Can be run again at any time.",
            "Names each thing before it does it and asks on a terminal; elsewhere calling it is consent."
        })
final class SetupCommand implements Callable<Integer> {
    @Mixin
    private EnvironmentOption environment = new EnvironmentOption();

    @Mixin
    private ConsentOption consent = new ConsentOption();

    @Option(
            names = "--stand-ins",
            description = "Also install what building stand-in images needs, and a registry to test with.")
    private boolean standIns;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private final Terminal terminal;

    SetupCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        var variables = terminal.variables();
        var request = Request.read(
                Wiring.installation(), environment.files(), environment.name(variables), Overrides.from(variables));
        try (var view = ProgressOptions.open(spec, terminal)) {
            new SetupRun(Wiring.tools(variables), terminal, view, consent.given(), standIns)
                    .run(request.spec(), request.images());
            view.note("This machine is ready for environment %s."
                    .formatted(request.spec().name()));
        }
        return 0;
    }
}
