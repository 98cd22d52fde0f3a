package dev.envctl.cli;

import dev.envctl.environment.EnvironmentDirectory;
import dev.envctl.image.ImageLock;
import dev.envctl.image.PinnedImage;
import dev.envctl.primary.LifetimeLimits;
import dev.envctl.primary.Primary;
import dev.envctl.spec.EnvironmentFiles;
import dev.envctl.spec.EnvironmentSpec;
import dev.envctl.spec.Fingerprint;
import dev.envctl.spec.Inputs;
import dev.envctl.spec.Overrides;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * An environment as it was asked for: what its file and images.lock say, with everything that overrides them.
 *
 * @param images in the order of {@link EnvironmentSpec#images}
 * @param inputs what all this was read from
 */
record Request(EnvironmentSpec spec, List<PinnedImage> images, EnvironmentDirectory directory, Inputs inputs) {
    private static final String LOCK = "images.lock";

    Request {
        images = List.copyOf(images);
    }

    static Request read(EnvironmentFiles files, String name, Overrides overrides) {
        var spec = files.load(name, overrides);
        var lock = ImageLock.read(lockFile(files.root()));
        return new Request(
                spec,
                spec.images().stream().map(lock::image).toList(),
                EnvironmentDirectory.of(files.root(), name),
                Inputs.of(spec, overrides, lockFiles(files.root()), Wiring.build()));
    }

    /** The project's own images.lock, or envctl's where the project has none. */
    static Path lockFile(Path project) {
        return lockFiles(project).stream()
                .filter(Files::exists)
                .findFirst()
                .orElseGet(() -> Wiring.home().resolve(LOCK));
    }

    private static List<Path> lockFiles(Path project) {
        return List.of(project.resolve(LOCK), Wiring.home().resolve(LOCK));
    }

    /** Everything that shapes the environment, with the digests that the names of images stand for. */
    Fingerprint fingerprint() {
        Map<String, String> digests = new TreeMap<>();
        images.forEach(image -> digests.put("images." + image.name(), image.reference()));
        return Fingerprint.of(spec, digests);
    }

    Primary.Options options(boolean keepOnFailure, LifetimeLimits limits) {
        return new Primary.Options(
                spec,
                images,
                directory,
                fingerprint().entries(),
                inputs,
                keepOnFailure,
                limits,
                ReapCommand.line(directory));
    }
}
