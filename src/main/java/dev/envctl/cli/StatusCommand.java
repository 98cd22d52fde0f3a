package dev.envctl.cli;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.environment.Ended;
import dev.envctl.environment.EnvironmentDirectory;
import dev.envctl.environment.HandOff;
import dev.envctl.primary.Liveness;
import dev.envctl.primary.PrimaryClient;
import dev.envctl.primary.PrimaryRecord;
import dev.envctl.readiness.Wait;
import dev.envctl.spec.Durations;
import java.time.Duration;
import java.time.Instant;
import java.util.StringJoiner;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code envctl status}: exit code 0 while the environment is ready, 6 otherwise. */
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description = {
            "Show where the environment is, who uses what of it, leases and locks.",
            "Exit code 0 while it is ready, 6 otherwise."
        })
final class StatusCommand implements Callable<Integer> {
    private static final String READY = "ready";

    @Mixin
    private EnvironmentOption environment = new EnvironmentOption();

    @Mixin
    private OutputOption output = new OutputOption();

    @Option(
            names = {"-w", "--watch"},
            description =
                    "Show it again and again, until Ctrl-C; where output is no terminal, whenever it has changed.")
    private boolean watch;

    @Option(
            names = "--interval",
            paramLabel = "DURATION",
            description = "How long --watch waits in between. Default: ${DEFAULT-VALUE}.",
            defaultValue = "2s")
    private String interval = "2s";

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private final Terminal terminal;

    StatusCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        var directory = environment.directory(terminal.variables());
        var out = spec.commandLine().getOut();
        if (watch) {
            new StatusWatch(out, terminal.output(), interval(), new Wait())
                    .run(() -> status(directory), status -> shown(status, directory));
        }
        var status = status(directory);
        out.print(shown(status, directory));
        out.flush();
        return state(status).equals(READY) ? 0 : FailureKind.NOT_OWNER.exitCode();
    }

    private Duration interval() {
        try {
            return Durations.parse(interval);
        } catch (IllegalArgumentException e) {
            throw new EnvctlException(FailureKind.USAGE, "--interval: " + e.getMessage(), "", e);
        }
    }

    private static String state(JsonObject status) {
        return status.get("state").getAsString();
    }

    private String shown(JsonObject status, EnvironmentDirectory directory) {
        if (!output.json()) {
            return text(status, state(status), directory);
        }
        HandOff.read(directory)
                .filter(found -> state(status).equals(READY))
                .ifPresent(found -> status.add("environment", JsonParser.parseString(found.json())));
        // One a line where many come.
        var gson = watch ? new GsonBuilder() : new GsonBuilder().setPrettyPrinting();
        return gson.disableHtmlEscaping().create().toJson(status) + System.lineSeparator();
    }

    private JsonObject status(EnvironmentDirectory directory) {
        var status = new JsonObject();
        status.addProperty("name", environment.name(terminal.variables()));
        var told = told(directory);
        told.entrySet().forEach(member -> status.add(member.getKey(), member.getValue()));
        if (told.isEmpty()) {
            status.addProperty(
                    "state",
                    switch (Liveness.of(directory)) {
                        case ALIVE -> "creating";
                        case DEAD -> "abandoned";
                        case NONE -> "absent";
                    });
            Ended.read(directory.timeline())
                    .filter(ended -> Liveness.of(directory) == Liveness.NONE)
                    .ifPresent(ended -> status.addProperty("ended", ended.reason()));
        }
        return status;
    }

    /** What the primary says; nothing where there is none, also where it ends at this moment. */
    private static JsonObject told(EnvironmentDirectory directory) {
        var record = PrimaryRecord.read(directory.primary());
        if (Liveness.of(directory) != Liveness.ALIVE || record.isEmpty()) {
            return new JsonObject();
        }
        try {
            return JsonParser.parseString(new PrimaryClient(record.get()).details())
                    .getAsJsonObject();
        } catch (EnvctlException e) {
            if (Liveness.of(directory) == Liveness.ALIVE) {
                throw e;
            }
            return new JsonObject();
        }
    }

    private String text(JsonObject status, String state, EnvironmentDirectory directory) {
        var name = environment.name(terminal.variables());
        var handOff = HandOff.read(directory);
        if (state.equals(READY) && handOff.isPresent()) {
            return HandOffText.of(handOff.get())
                    + "  %-11s pid %d since %s%n"
                            .formatted(
                                    "primary",
                                    handOff.get().primary().pid(),
                                    handOff.get().primary().started())
                    + LifetimeText.of(status)
                    + new DetailsText(status, Instant.now()).text();
        }
        var hint = switch (state) {
            case "abandoned" ->
                "%2$s; `envctl up%1$s` takes over or makes anew, `envctl down%1$s` removes"
                        .formatted(
                                Running.option(name),
                                Running.restarted(directory)
                                        ? "the machine has been restarted since it was made"
                                        : "its primary is gone");
            case "absent" ->
                "%s`envctl up%s` makes it"
                        .formatted(
                                Ended.read(directory.timeline())
                                        .map(ended ->
                                                "it was removed at %s: %s; ".formatted(ended.time(), ended.reason()))
                                        .orElse(""),
                                Running.option(name));
            case "broken" ->
                "%s`envctl up --recreate%s` makes it anew"
                        .formatted(
                                status.has("broken")
                                        ? status.getAsJsonObject("broken")
                                                        .get("reason")
                                                        .getAsString() + "; "
                                        : "",
                                Running.option(name));
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
