package dev.envctl.cli;

import dev.envctl.image.ImageLock;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code envctl images save}. */
@Command(
        name = "save",
        mixinStandardHelpOptions = true,
        description = {
            "Write locked images of this machine as an OCI image layout, for machines without a network.",
            "Stand-ins are saved as such."
        })
final class ImagesSaveCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "DIR|FILE.tar", description = "A new folder, or a file that ends with .tar.")
    private Path target = Path.of("");

    @Parameters(index = "1..*", paramLabel = "NAME", description = "Which images. Default: all locked ones.")
    private List<String> names = List.of();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private final Terminal terminal;

    ImagesSaveCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        var lock = ImageLock.read(ImagesCommand.file());
        var images = names.isEmpty()
                ? lock.images()
                : names.stream().distinct().map(lock::image).toList();
        var saving = Wiring.tools(terminal.variables()).images().saving();
        try (var view = ProgressOptions.open(spec, terminal)) {
            ImagesCommand.printReferences(spec, saving.save(target, images, view));
        }
        return 0;
    }
}
