package dev.envctl.cli;

import dev.envctl.environment.Rehearsal;
import dev.envctl.spec.Overrides;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Loads what {@code up} will need and does nothing with it: the launcher takes the class list of its archive from it. */
@Command(name = "rehearse", hidden = true, description = "Load the classes that `envctl up` needs; change nothing.")
final class RehearseCommand implements Callable<Integer> {
    @Mixin
    private EnvironmentOption environment = new EnvironmentOption();

    private final Terminal terminal;

    RehearseCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        var variables = terminal.variables();
        Wiring.tools(variables);
        Request.read(environment.files(), environment.name(variables), Overrides.none())
                .fingerprint();
        new Rehearsal().run();
        return 0;
    }
}
