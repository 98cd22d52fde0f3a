package dev.envctl.image;

import dev.envctl.AtOnce;
import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.readiness.Deadline;
import java.nio.file.Path;
import java.util.function.Consumer;

/** Fetches one blob, several pieces at once where its server can send parts of it, and hashes it at the end. */
final class BlobDownload {
    static final String DO_NOT_USE =
            "Do not use this registry, mirror or proxy until it is clear why. Nothing of it was kept.";

    private final Registry registry;
    private final Repository repository;
    private final Descriptor blob;
    private final PartialBlob partial;
    private final Traffic traffic;
    private final Deadline deadline;
    private final Consumer<String> onReason;

    BlobDownload(
            Registry registry,
            Repository repository,
            Descriptor blob,
            Path folder,
            Traffic traffic,
            Deadline deadline,
            Consumer<String> onReason) {
        this.registry = registry;
        this.repository = repository;
        this.blob = blob;
        this.partial = new PartialBlob(folder, blob);
        this.traffic = traffic;
        this.deadline = deadline;
        this.onReason = onReason;
    }

    /** @throws EnvctlException IMAGE if it is not what its digest says; TIMEOUT */
    void run() {
        var before = partial.size();
        traffic.here(before);
        var actual = fetch();
        if (before > 0 && !actual.equals(blob.digest())) {
            // What a process that died had left may never have reached the disk.
            partial.clear();
            traffic.here(-before);
            actual = fetch();
        }
        if (!actual.equals(blob.digest())) {
            var who = String.join(", ", traffic.sources());
            throw otherContent(
                    who, repository + "@" + blob.digest(), blob.digest().value(), actual);
        }
    }

    private Digest fetch() {
        partial.create();
        var pieces = Piece.of(blob.size());
        fetch(pieces.get(0));
        if (!partial.cameAtOnce()) {
            var others = pieces.subList(1, pieces.size());
            AtOnce.each("Fetching images", Sources.CONNECTIONS, others, this::fetch);
        }
        return partial.digest();
    }

    private boolean fetch(Piece piece) {
        registry.piece(repository, blob, piece, partial.file(piece), deadline, onReason, traffic);
        return true;
    }

    static EnvctlException otherContent(String who, String what, String expected, Digest actual) {
        return new EnvctlException(
                FailureKind.IMAGE,
                "%s served other content for %s: expected %s, got %s.".formatted(who, what, expected, actual),
                DO_NOT_USE);
    }
}
