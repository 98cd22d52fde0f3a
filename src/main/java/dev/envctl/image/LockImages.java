package dev.envctl.image;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.Progress;
import dev.envctl.readiness.Deadline;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Finds out which digests the tags of images.lock name now, and writes them there. */
public final class LockImages {
    private final TagResolver resolver;

    LockImages(TagResolver resolver) {
        this.resolver = resolver;
    }

    /**
     * Resolves every tag and writes the file if anything changed. On any failure the file stays as it is.
     *
     * @param file images.lock; made where it is missing and images are requested
     * @param requested images to add or to move to another tag: {@code REPOSITORY:TAG} by name
     * @return what changed
     * @throws EnvctlException USAGE if a request or the file makes no sense; PREREQUISITE if a registry does not answer;
     *     IMAGE if one does not have a tag; TIMEOUT
     */
    public List<LockChange> lock(Path file, Map<String, String> requested, Progress progress, Deadline deadline) {
        var before =
                Files.exists(file) || requested.isEmpty() ? ImageLock.read(file).images() : List.<PinnedImage>of();
        var after = resolver.resolve(requests(before, requested), progress, deadline);
        var changes = changes(before, after);
        if (!changes.isEmpty()) {
            StoredFile.write(file, ImageLock.text(after));
        }
        return changes;
    }

    /**
     * Resolves every tag and compares; writes nothing.
     *
     * @throws EnvctlException IMAGE if images.lock would change; otherwise as for lock
     */
    public void check(Path file, Progress progress, Deadline deadline) {
        var before = ImageLock.read(file).images();
        var changes = changes(before, resolver.resolve(requests(before, Map.of()), progress, deadline));
        if (!changes.isEmpty()) {
            throw new EnvctlException(
                    FailureKind.IMAGE,
                    "%s is not what the registries say now.".formatted(file),
                    "Run `envctl images lock`, then look at the difference.",
                    changes.stream().map(LockChange::describe).toList(),
                    null);
        }
    }

    private static List<TagRequest> requests(List<PinnedImage> before, Map<String, String> requested) {
        var requests = new TreeMap<String, TagRequest>();
        before.forEach(image -> requests.put(image.name(), TagRequest.again(image)));
        requested.forEach((name, reference) -> {
            var old = requests.get(name);
            requests.put(name, TagRequest.parse(name, reference, old == null ? null : old.build()));
        });
        return List.copyOf(requests.values());
    }

    private static List<LockChange> changes(List<PinnedImage> before, List<PinnedImage> after) {
        var old = new HashMap<String, PinnedImage>();
        before.forEach(image -> old.put(image.name(), image));
        return after.stream()
                .filter(image -> !image.equals(old.get(image.name())))
                .map(image -> new LockChange(old.get(image.name()), image))
                .toList();
    }
}
