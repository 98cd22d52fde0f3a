package dev.envctl.environment;

import dev.envctl.engine.Engine;
import dev.envctl.environment.ImageProof.Wanted;
import dev.envctl.image.ImageArchive;
import dev.envctl.process.OwnProcess;
import dev.envctl.readiness.Deadline;
import dev.envctl.spec.ClusterSpec.EngineChoice;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Which images the engine and the nodes of a running environment hold: for {@code envctl images verify}. */
public final class HeldImages {
    private static final Duration CALL = Duration.ofSeconds(30);

    private final Tools tools;

    public HeldImages(Tools tools) {
        this.tools = tools;
    }

    /**
     * What this machine's engine has of those images, of which envctl loads only nodes' images into it. What it has under
     * the names of others is not envctl's.
     *
     * @param nodes the names of nodes' images
     * @throws dev.envctl.EnvctlException PREREQUISITE where there is no engine
     */
    public List<PlacedImage> inEngine(List<ImageArchive> archives, Set<String> nodes) {
        return with(EngineChoice.AUTO, engine -> new ImageProof(engine).inEngine(named(archives, nodes)));
    }

    private static List<ImageArchive> named(List<ImageArchive> archives, Set<String> names) {
        return archives.stream()
                .filter(archive -> names.contains(archive.name()))
                .toList();
    }

    /** Which node image an environment's engine has, and its nodes of the others that it uses. */
    public List<PlacedImage> of(HandOff running, List<ImageArchive> archives) {
        var choice = EngineChoice.valueOf(running.cluster().engine().toUpperCase(Locale.ROOT));
        return with(choice, engine -> {
            var proof = new ImageProof(engine);
            var own =
                    running.images().stream().limit(1).map(HandOff.Image::name).collect(Collectors.toSet());
            var rows = new ArrayList<>(proof.inEngine(named(archives, own)));
            rows.addAll(proof.inNodes(running.cluster().nodes(), inPods(running, archives), Deadline.in(CALL)));
            return rows;
        });
    }

    /** All but the first, which is the nodes' own. */
    private static List<Wanted> inPods(HandOff running, List<ImageArchive> archives) {
        return running.images().stream()
                .skip(1)
                .map(image -> archives.stream()
                        .filter(archive -> archive.reference().equals(image.reference()))
                        .findFirst()
                        .map(archive -> Wanted.of(archive))
                        .orElseGet(() -> new Wanted(image.name(), image.reference(), null)))
                .toList();
    }

    private List<PlacedImage> with(EngineChoice choice, Function<Engine, List<PlacedImage>> question) {
        // Where no engine serves, one is started for the question, with its socket and log here.
        var scratch = tools.cache().path().resolve("verify-" + OwnProcess.pid());
        EnvironmentDirectory.privateDirectory(scratch);
        try (var engine = tools.engines().find(choice, CALL, scratch)) {
            return question.apply(engine);
        } finally {
            EnvironmentDirectory.delete(scratch);
        }
    }
}
