package dev.envctl.cluster;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.engine.Engine;
import dev.envctl.readiness.Deadline;
import java.util.List;

/** Brings image archives into a node's containerd so that they keep their digests. */
public final class NodeImages {
    /**
     * Waits until containerd answers, imports unless the image is there already, and asks whether it is now. In one shell,
     * so that the engine is asked once and not for every poll. {@code --digests} names the image {@code
     * REPOSITORY@DIGEST}, which is what the kubelet then looks for; {@code --all-platforms} would want blobs that a
     * single-platform archive does not have.
     */
    private static final String SCRIPT = """
            reference=$1 repository=$2 archive=$3
            there() { [ -n "$(ctr -n k8s.io images ls -q name=="$reference" 2>/dev/null)" ]; }
            until ctr version >/dev/null 2>&1; do sleep 0.2; done
            there || ctr -n k8s.io images import --digests --base-name "$repository" "$archive" || exit 1
            there || { echo "containerd does not know $reference after the import"; exit 65; }
            """;

    private static final int DIGEST_LOST = 65;

    private final Engine engine;

    public NodeImages(Engine engine) {
        this.engine = engine;
    }

    /**
     * Delivers one image to one node; does nothing where it is already there.
     *
     * @param archive an OCI archive of one platform's manifest, as a path inside the node
     * @param repository fully qualified, without tag and digest
     * @param reference {@code repository@digest}
     * @throws EnvctlException IMAGE where the digest did not survive, TIMEOUT, or FAILED with containerd's own words
     */
    public void deliver(String node, String archive, String repository, String reference, Deadline deadline) {
        var done =
                engine.execute(node, List.of("sh", "-c", SCRIPT, "deliver", reference, repository, archive), deadline);
        if (!done.succeeded()) {
            throw new EnvctlException(
                    done.exitCode() == DIGEST_LOST ? FailureKind.IMAGE : FailureKind.FAILED,
                    "Node %s did not take image %s (exit code %d).".formatted(node, reference, done.exitCode()),
                    "Run `envctl images verify` to check the archive.",
                    done.output().lines().toList(),
                    null);
        }
    }
}
