package dev.envctl.cli;

import dev.envctl.client.Request;
import dev.envctl.image.ImageLock;
import dev.envctl.image.Images;
import dev.envctl.image.PinnedImage;
import dev.envctl.spec.Overrides;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code envctl images warm}. */
@Command(
        name = "warm",
        mixinStandardHelpOptions = true,
        description = {
            "Bring every locked image, or those of one environment, to this machine, verified.",
            "Where no registry answers it builds stand-ins from the recipes that there are, and says so."
        })
final class ImagesWarmCommand implements Callable<Integer> {
    /** Names as they are typed on the command line. */
    enum Format {
        text,
        json,
        github
    }

    @Mixin
    private EnvironmentOption environment = new EnvironmentOption();

    @Option(
            names = "--mirror",
            paramLabel = "[REGISTRY=]HOST[/PATH]",
            description = "Ask this server first, for all registries or for one; several in their order, before those"
                    + " of $$ENVCTL_MIRRORS.")
    private List<String> mirrors = List.of();

    @Option(
            names = "--timeout",
            paramLabel = "DURATION",
            description = "How long it may take in all. Default: ${DEFAULT-VALUE}.",
            defaultValue = "20m")
    private String timeout = "20m";

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            description = "text, json, or github: outputs and a summary for a step of GitHub Actions."
                    + " Default: ${DEFAULT-VALUE}.",
            defaultValue = "text")
    private Format format = Format.text;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private final Terminal terminal;

    ImagesWarmCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        var recipient = HandoutOption.open(HandoutOption.Format.valueOf(format.name()), spec, terminal);
        recipient.take(warm());
        return 0;
    }

    private WarmReport warm() {
        var begun = System.nanoTime();
        var deadline = ImagesCommand.deadline(spec, timeout);
        var lock = ImageLock.read(ImagesCommand.file());
        var images = Wiring.tools(variables()).images();
        try (var view = ProgressOptions.open(spec, terminal)) {
            var warmed = images.source().warm(wanted(lock), view, deadline);
            var seconds = (System.nanoTime() - begun) / 1e9;
            return new WarmReport(lock.hash(), warmed, images.folders(warmed), seconds);
        }
    }

    private List<PinnedImage> wanted(ImageLock lock) {
        if (!environment.given()) {
            return lock.images();
        }
        var variables = terminal.variables();
        return Request.read(
                        Wiring.installation(),
                        environment.files(),
                        environment.name(variables),
                        Overrides.from(variables))
                .images();
    }

    private Map<String, String> variables() {
        var variables = new HashMap<>(terminal.variables());
        Images.askFirst(mirrors, variables);
        return variables;
    }
}
