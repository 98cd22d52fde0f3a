package dev.envctl.cli;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.envctl.FailureKind;
import dev.envctl.environment.EnvironmentDirectory;
import dev.envctl.environment.HandOff;
import dev.envctl.primary.Liveness;
import dev.envctl.primary.PrimaryClient;
import dev.envctl.primary.PrimaryRecord;
import java.util.StringJoiner;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code envctl status}: exit code 0 while the environment is ready, 6 otherwise. */
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description = "Show where the environment is. Exit code 0 while it is ready, 6 otherwise.")
final class StatusCommand implements Callable<Integer> {
    private static final String READY = "ready";

    @Mixin
    private EnvironmentOption environment = new EnvironmentOption();

    @Mixin
    private OutputOption output = new OutputOption();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private final Terminal terminal;

    StatusCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        var directory = environment.directory(terminal.variables());
        var status = status(directory);
        var state = status.get("state").getAsString();
        var out = spec.commandLine().getOut();
        if (output.json()) {
            HandOff.read(directory)
                    .filter(found -> state.equals(READY))
                    .ifPresent(found -> status.add("environment", JsonParser.parseString(found.json())));
            out.println(new GsonBuilder()
                    .setPrettyPrinting()
                    .disableHtmlEscaping()
                    .create()
                    .toJson(status));
        } else {
            out.print(text(status, state, directory));
        }
        out.flush();
        return state.equals(READY) ? 0 : FailureKind.NOT_OWNER.exitCode();
    }

    private JsonObject status(EnvironmentDirectory directory) {
        var status = new JsonObject();
        status.addProperty("name", environment.name(terminal.variables()));
        var liveness = Liveness.of(directory);
        var record = PrimaryRecord.read(directory.primary());
        if (liveness == Liveness.ALIVE && record.isPresent()) {
            var told = JsonParser.parseString(new PrimaryClient(record.get()).status())
                    .getAsJsonObject();
            told.entrySet().forEach(member -> status.add(member.getKey(), member.getValue()));
        } else {
            status.addProperty(
                    "state",
                    switch (liveness) {
                        case ALIVE -> "creating";
                        case DEAD -> "abandoned";
                        case NONE -> "absent";
                    });
        }
        return status;
    }

    private String text(JsonObject status, String state, EnvironmentDirectory directory) {
        var name = environment.name(terminal.variables());
        var handOff = HandOff.read(directory);
        if (state.equals(READY) && handOff.isPresent()) {
            return HandOffText.of(handOff.get(), false)
                    + "  %-11s pid %d since %s%n"
                            .formatted(
                                    "primary",
                                    handOff.get().primary().pid(),
                                    handOff.get().primary().started());
        }
        var hint = switch (state) {
            case "abandoned" ->
                "its primary is gone; `envctl up%1$s` takes over or makes anew, `envctl down%1$s` removes"
                        .formatted(Running.option(name));
            case "absent" -> "`envctl up%s` makes it".formatted(Running.option(name));
            case "failed" ->
                "kept to be looked at; see %s, then `envctl down%s`"
                        .formatted(directory.primaryLog(), Running.option(name));
            default -> waiting(status);
        };
        return "environment %s is %s%s%n".formatted(name, state, hint.isEmpty() ? "" : ": " + hint);
    }

    private static String waiting(JsonObject status) {
        var phases = new StringJoiner("; ");
        if (status.has("phases")) {
            for (var element : status.getAsJsonArray("phases")) {
                var phase = element.getAsJsonObject();
                var reason = phase.get("reason").getAsString();
                phases.add(phase.get("name").getAsString() + (reason.isEmpty() ? "" : " (" + reason + ")"));
            }
        }
        return phases.toString();
    }
}
