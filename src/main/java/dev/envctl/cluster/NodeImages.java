package dev.envctl.cluster;

import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.engine.Engine;
import dev.envctl.engine.Execution;
import dev.envctl.readiness.Deadline;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The images in a node: brings archives into its containerd so that they keep their digests, and asks its CRI what it has. */
public final class NodeImages {
    /**
     * Waits until containerd answers (asking for its socket first costs nothing), and imports what is not there already. In
     * one shell, so that the engine is asked once and not for every poll and image. {@code --digests} names the image
     * {@code REPOSITORY@DIGEST}, which is what the kubelet then looks for; {@code --all-platforms} would want blobs that a
     * single-platform archive does not have.
     */
    private static final String DELIVER = """
            until [ -S /run/containerd/containerd.sock ] && ctr version >/dev/null 2>&1; do sleep 0.2; done
            while [ $# -gt 0 ]; do
                if [ -z "$(ctr -n k8s.io images ls -q name=="$3" 2>/dev/null)" ]; then
                    ctr -n k8s.io images import --digests --base-name "$2" "$1" || { echo "importing $3 failed"; exit 1; }
                fi
                shift 3
            done
            """;

    /** Its warnings would stand in the middle of the answer; they are wanted only where there is none. */
    private static final String ASK = "crictl images -o json 2>/dev/null || crictl images -o json";

    private final Engine engine;

    public NodeImages(Engine engine) {
        this.engine = engine;
    }

    /**
     * Delivers images to one node; does nothing where they are already there. Whether their digests survived, {@link #known}
     * says.
     *
     * @throws EnvctlException TIMEOUT, or FAILED with containerd's own words
     */
    public void deliver(String node, List<Delivery> images, Deadline deadline) {
        var command = new ArrayList<>(List.of("sh", "-c", DELIVER, "deliver"));
        images.forEach(image -> command.addAll(List.of(image.archive(), image.repository(), image.reference())));
        var done = engine.execute(node, command, deadline);
        if (!done.succeeded()) {
            throw failed(
                    "Node %s did not take its images (exit code %d).".formatted(node, done.exitCode()),
                    "Run `envctl images verify` to check the archives.",
                    done);
        }
    }

    /**
     * Every {@code repository@digest} that the kubelet would find on a node, as its CRI tells them, with the image's id: the
     * digest of its configuration.
     *
     * @throws EnvctlException TIMEOUT, or FAILED with crictl's own words
     */
    public Map<String, String> known(String node, Deadline deadline) {
        var done = engine.execute(node, List.of("sh", "-c", ASK), deadline);
        try {
            if (done.succeeded()) {
                var known = new TreeMap<String, String>();
                for (var element :
                        JsonParser.parseString(done.output()).getAsJsonObject().getAsJsonArray("images")) {
                    var image = element.getAsJsonObject();
                    for (var reference : image.getAsJsonArray("repoDigests")) {
                        known.put(reference.getAsString(), image.get("id").getAsString());
                    }
                }
                return known;
            }
        } catch (JsonParseException | IllegalStateException | ClassCastException | NullPointerException e) {
            throw unanswered(node, done);
        }
        throw unanswered(node, done);
    }

    private static EnvctlException unanswered(String node, Execution done) {
        return failed(
                "crictl in node %s did not say which images there are (exit code %d).".formatted(node, done.exitCode()),
                "The node image must contain crictl, as kindest/node does.",
                done);
    }

    private static EnvctlException failed(String problem, String remedy, Execution done) {
        return new EnvctlException(
                FailureKind.FAILED, problem, remedy, done.output().lines().toList(), null);
    }
}
