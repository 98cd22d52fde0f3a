package dev.envctl.cli;

import dev.envctl.image.ImageLock;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code envctl images load}. */
@Command(
        name = "load",
        mixinStandardHelpOptions = true,
        description = {
            "Take locked images from an OCI image layout, such as `envctl images save` writes.",
            "Everything is compared with images.lock before anything is kept."
        })
final class ImagesLoadCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "DIR|FILE.tar", description = "A folder, or a tar that is not compressed.")
    private Path source = Path.of("");

    @Option(
            names = "--stand-ins",
            description = "Also take stand-ins, which no digest in images.lock vouches for: you trust who built them.")
    private boolean standIns;

    @Option(
            names = "--timeout",
            paramLabel = "DURATION",
            description = "How long to wait for others that get the same images. Default: ${DEFAULT-VALUE}.",
            defaultValue = "10m")
    private String timeout = "10m";

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private final Terminal terminal;

    ImagesLoadCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        var lock = ImageLock.read(ImagesCommand.file());
        var deadline = ImagesCommand.deadline(spec, timeout);
        var loading = Wiring.tools(terminal.variables()).images().loading();
        try (var view = ProgressOptions.open(spec, terminal)) {
            ImagesCommand.printReferences(spec, loading.load(source, lock, standIns, view, deadline));
        }
        return 0;
    }
}
