package dev.envctl.client;

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
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * An environment as it was asked for: what its file and images.lock say, with everything that overrides them.
 *
 * @param images in the order of {@link EnvironmentSpec#images}
 * @param inputs what all this was read from
 */
public record Request(EnvironmentSpec spec, List<PinnedImage> images, EnvironmentDirectory directory, Inputs inputs) {
    /** The environment that is meant where nobody names one. */
    public static final String DEFAULT_NAME = "e2e";

    public Request {
        images = List.copyOf(images);
    }

    /**
     * Reads and checks it.
     *
     * @throws dev.envctl.EnvctlException USAGE with every mistake in it
     */
    public static Request read(Installation installation, EnvironmentFiles files, String name, Overrides overrides) {
        var spec = files.load(name, overrides);
        var lock = ImageLock.read(installation.lockFile(files.root()));
        return new Request(
                spec,
                spec.images().stream().map(lock::image).toList(),
                EnvironmentDirectory.of(files.root(), name),
                Inputs.of(spec, overrides, installation.lockFiles(files.root()), installation.build()));
    }

    /** The folder that holds {@code environments/}. */
    Path project() {
        return Objects.requireNonNull(
                Objects.requireNonNull(spec.file().getParent()).getParent());
    }

    /** Everything that shapes the environment, with the digests that the names of images stand for. */
    public Fingerprint fingerprint() {
        Map<String, String> digests = new TreeMap<>();
        images.forEach(image -> digests.put(Fingerprint.IMAGES + image.name(), image.reference()));
        return Fingerprint.of(spec, digests);
    }

    /**
     * The same for the process that owns it.
     *
     * @param reaper the command that removes what it leaves when it is killed
     */
    public Primary.Options options(boolean keepOnFailure, LifetimeLimits limits, List<String> reaper) {
        return new Primary.Options(
                spec, images, directory, fingerprint().entries(), inputs, keepOnFailure, limits, reaper);
    }
}
