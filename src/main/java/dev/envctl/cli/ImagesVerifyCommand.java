package dev.envctl.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.environment.HandOff;
import dev.envctl.environment.HeldImages;
import dev.envctl.environment.PlacedImage;
import dev.envctl.image.ImageArchive;
import dev.envctl.image.ImageLock;
import dev.envctl.image.Origin;
import dev.envctl.image.VerifiedImage;
import dev.envctl.image.VerifyImages;
import dev.envctl.spec.EnvironmentFiles;
import dev.envctl.spec.Overrides;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code envctl images verify}. */
@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        description = {
            "Hash every image on this machine again, and ask the engine which it has; exit code 5 on any difference.",
            "With -e the nodes of that environment, which must be running, are asked too."
        })
final class ImagesVerifyCommand implements Callable<Integer> {
    @Mixin
    private EnvironmentOption environment = new EnvironmentOption();

    @Mixin
    private OutputOption output = new OutputOption();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private final Terminal terminal;
    private final List<List<String>> rows = new ArrayList<>();
    private final JsonArray json = new JsonArray();

    ImagesVerifyCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        var running = environment.given()
                ? Optional.of(Running.handOff(environment, terminal.variables()))
                : Optional.<HandOff>empty();
        var tools = Wiring.tools(terminal.variables());
        var verified = tools.images().verification().verify(ImageLock.read(ImagesCommand.file()));
        verified.forEach(this::add);
        var archives = verified.stream().flatMap(row -> row.archive().stream()).toList();
        var placed = placed(new HeldImages(tools), running, archives);
        placed.forEach(this::add);
        print();
        VerifyImages.requireNoDifference(verified);
        PlacedImage.requireNoDifference(placed, remedy());
        return 0;
    }

    private List<PlacedImage> placed(HeldImages held, Optional<HandOff> running, List<ImageArchive> archives) {
        if (running.isPresent()) {
            return held.of(running.get(), archives);
        }
        try {
            return held.inEngine(archives, nodeImages());
        } catch (EnvctlException e) {
            if (e.kind() != FailureKind.PREREQUISITE) {
                throw e;
            }
            // A machine that only keeps images needs no engine.
            add("-", "engine", "-", "none on this machine");
            return List.of();
        }
    }

    /** Of all environments whose files can be read; what is wrong with another is told where somebody wants to use it. */
    private Set<String> nodeImages() {
        var files = environment.files();
        return files.names().stream().flatMap(name -> nodeImage(files, name)).collect(Collectors.toSet());
    }

    private static Stream<String> nodeImage(EnvironmentFiles files, String name) {
        try {
            return Stream.of(files.load(name, Overrides.none()).cluster().image());
        } catch (EnvctlException e) {
            return Stream.empty();
        }
    }

    private String remedy() {
        return environment.given()
                ? "`envctl up --recreate%s` makes it anew."
                        .formatted(Running.option(environment.name(terminal.variables())))
                : "The next `envctl up` loads what the engine should have.";
    }

    private void add(VerifiedImage row) {
        var origin = row.origin().name().toLowerCase(Locale.ROOT).replace('_', '-');
        add(
                row.image().name(),
                origin,
                "-",
                row.problem().orElse(row.origin() == Origin.REGISTRY ? "not on this machine" : "ok"));
    }

    private void add(PlacedImage row) {
        var state = row.matches() ? "ok" : "%s instead of %s".formatted(row.found(), row.wanted());
        var entry = add(row.image(), row.kind().name().toLowerCase(Locale.ROOT), row.place(), state);
        entry.addProperty("wanted", row.wanted());
        entry.addProperty("found", row.found());
    }

    private JsonObject add(String name, String origin, String place, String state) {
        var entry = new JsonObject();
        entry.addProperty("name", name);
        entry.addProperty("origin", origin);
        if (!place.equals("-")) {
            entry.addProperty("place", place);
        }
        entry.addProperty("state", state);
        json.add(entry);
        rows.add(List.of(name, origin, place, state));
        return entry;
    }

    private void print() {
        var out = spec.commandLine().getOut();
        if (output.json()) {
            ImagesCommand.print(spec, json);
        } else {
            var table = new Table();
            rows.forEach(row -> table.row(row.toArray(String[]::new)));
            out.print(table.text());
        }
        out.flush();
    }
}
