package dev.envctl.image;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.Progress;
import dev.envctl.readiness.Deadline;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
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
     * Resolves tags and writes the file if anything changed. On any failure the file stays as it is.
     *
     * @param file images.lock; made where it is missing and images are requested
     * @param requested images to add or to move to another tag: {@code REPOSITORY:TAG} by name
     * @param again names of locked images to resolve again; where nothing is requested either, all of them
     * @return what changed
     * @throws EnvctlException USAGE if a request or the file makes no sense; PREREQUISITE if a registry does not answer;
     *     IMAGE if one does not have a tag, or a name is not locked; TIMEOUT
     */
    public List<LockChange> lock(
            Path file, Map<String, String> requested, List<String> again, Progress progress, Deadline deadline) {
        var needed = requested.isEmpty() || !again.isEmpty();
        var before = Files.exists(file) || needed ? ImageLock.read(file) : ImageLock.empty(file);
        var resolved = resolver.resolve(requests(before, requested, again), progress, deadline);
        var changes = changes(before.images(), resolved);
        if (!changes.isEmpty()) {
            var after = new LinkedHashMap<String, PinnedImage>();
            before.images().forEach(image -> after.put(image.name(), image));
            resolved.forEach(image -> after.put(image.name(), image));
            StoredFile.write(file, ImageLock.text(List.copyOf(after.values())));
        }
        return changes;
    }

    /**
     * Resolves every tag and compares; writes nothing.
     *
     * @throws EnvctlException IMAGE if images.lock would change; otherwise as for lock
     */
    public void check(Path file, Progress progress, Deadline deadline) {
        var before = ImageLock.read(file);
        var resolved = resolver.resolve(requests(before, Map.of(), List.of()), progress, deadline);
        var changes = changes(before.images(), resolved);
        if (!changes.isEmpty()) {
            throw new EnvctlException(
                    FailureKind.IMAGE,
                    "%s is not what the registries say now.".formatted(file),
                    "Run `envctl images lock`, then look at the difference.",
                    changes.stream().map(LockChange::describe).toList(),
                    null);
        }
    }

    private static List<TagRequest> requests(ImageLock before, Map<String, String> requested, List<String> again) {
        var requests = new TreeMap<String, TagRequest>();
        var old = requested.isEmpty() && again.isEmpty()
                ? before.images()
                : again.stream().map(before::image).toList();
        old.forEach(image -> requests.put(image.name(), TagRequest.again(image)));
        requested.forEach((name, reference) -> requests.put(
                name, TagRequest.parse(name, reference, before.recipe(name).orElse(null))));
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
