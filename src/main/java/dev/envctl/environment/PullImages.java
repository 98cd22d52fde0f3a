package dev.envctl.environment;

import dev.envctl.engine.Engine;
import dev.envctl.image.ImageArchive;
import java.util.ArrayList;
import java.util.List;

/** Makes sure that every locked image is on this machine, verified, and that the engine has the node image. */
final class PullImages {
    /** The images of an environment on this machine. */
    record Images(ImageArchive node, List<ImageArchive> services) {
        Images {
            services = List.copyOf(services);
        }

        List<ImageArchive> all() {
            var all = new ArrayList<ImageArchive>();
            all.add(node);
            all.addAll(services);
            return all;
        }

        ImageArchive named(String name) {
            return all().stream()
                    .filter(image -> image.name().equals(name))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private final Making making;

    PullImages(Making making) {
        this.making = making;
    }

    Images run(Engine engine, PhaseRun run) {
        var archives = making.tools().images().source().obtain(making.images(), run.progress(), run.deadline());
        var node = archives.get(0);
        load(node, engine, run);
        return new Images(node, archives.subList(1, archives.size()));
    }

    private void load(ImageArchive node, Engine engine, PhaseRun run) {
        var wanted = node.configDigest().toString();
        var known = engine.image(node.tagged()).filter(image -> image.id().equals(wanted));
        if (known.isEmpty()) {
            run.waiting("loading %s into %s".formatted(node.tagged(), engine.kind()));
            engine.loadImage(node.path(), run.deadline());
        }
    }
}
