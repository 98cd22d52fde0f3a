package dev.envctl.image;

import dev.envctl.AtOnce;
import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.Progress;
import dev.envctl.readiness.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Gets images from where they are nearest: fetched before, built on this machine with the user's consent, or from their
 * registry.
 */
public final class ImageSource {
    /** What {@code up} calls it: reasons are told under this name. */
    static final String PHASE = "pull images";

    private static final int IMAGES_AT_ONCE = 4;

    private final ImageArchives archives;
    private final StandIns standIns;
    private final Recipes recipes;
    private final Registry registry;
    private final Offline offline;

    ImageSource(ImageArchives archives, StandIns standIns, Recipes recipes, Registry registry, Offline offline) {
        this.archives = archives;
        this.standIns = standIns;
        this.recipes = recipes;
        this.registry = registry;
        this.offline = offline;
    }

    /**
     * The names of the images that would have to be built here, because they are not on this machine and their registry
     * does not answer within seconds.
     */
    public List<String> toBuild(List<PinnedImage> images) {
        var absent =
                images.stream().filter(image -> archives.find(image).isEmpty()).toList();
        var standing = standIns.find(absent).current();
        var missing = absent.stream()
                .filter(image -> !standing.containsKey(image.name()))
                .toList();
        if (missing.isEmpty()) {
            return List.of();
        }
        offline.refuse(missing);
        var reachability =
                Reachability.of(missing.stream().map(PinnedImage::location).toList(), registry::unreachable);
        return missing.stream()
                .filter(image -> !reachability.reaches(image.location()))
                .map(PinnedImage::name)
                .toList();
    }

    /**
     * The archive of each image, in the same order. Builds nothing.
     *
     * @throws EnvctlException PREREQUISITE within seconds if a registry that is needed does not answer; IMAGE if one does
     *     not have a digest or serves something else; TIMEOUT
     */
    public List<ImageArchive> obtain(List<PinnedImage> images, Progress progress, Deadline deadline) {
        return archives(obtain(images, false, progress, deadline));
    }

    /**
     * The archive of each image, in the same order. To be called when the user agreed to stand-ins: where no registry
     * answers they are built, which takes minutes the first time.
     *
     * @throws EnvctlException PREREQUISITE if no registry answers and an image has no recipe; otherwise as for obtain
     */
    public List<ImageArchive> obtainOrBuild(List<PinnedImage> images, Progress progress, Deadline deadline) {
        return archives(warm(images, progress, deadline));
    }

    /** The same as {@link #obtainOrBuild}, and what it took. */
    public List<WarmedImage> warm(List<PinnedImage> images, Progress progress, Deadline deadline) {
        return obtain(images, true, progress, deadline);
    }

    private static List<ImageArchive> archives(List<WarmedImage> images) {
        return images.stream().map(WarmedImage::archive).toList();
    }

    private List<WarmedImage> obtain(List<PinnedImage> images, boolean mayBuild, Progress progress, Deadline deadline) {
        var found = new LinkedHashMap<String, WarmedImage>();
        images.forEach(image ->
                archives.find(image).ifPresent(archive -> put(found, WarmedImage.here(image, archive))));
        var standing = standIns.find(missing(images, found));
        missing(images, found)
                .forEach(image ->
                        standing.of(image).ifPresent(archive -> put(found, WarmedImage.here(image, archive))));
        var missing = missing(images, found);
        offline.refuse(missing);
        if (!missing.isEmpty()) {
            var reachability =
                    Reachability.of(missing.stream().map(PinnedImage::location).toList(), registry::unreachable);
            var toBuild = missing.stream()
                    .filter(image -> !reachability.reaches(image.location()))
                    .toList();
            requireBuildable(toBuild, mayBuild, reachability, standing.problems());
            var toPull = missing.stream()
                    .filter(image -> reachability.reaches(image.location()))
                    .toList();
            AtOnce.each("Fetching images", IMAGES_AT_ONCE, toPull, image -> pull(image, progress, deadline))
                    .forEach(image -> put(found, image));
            if (!toBuild.isEmpty()) {
                build(toBuild, progress, deadline).forEach(image -> put(found, image));
            }
        }
        tellStandIns(found, progress);
        return images.stream().map(image -> found.get(image.name())).toList();
    }

    private WarmedImage pull(PinnedImage image, Progress progress, Deadline deadline) {
        return WarmedImage.pulled(image, archives.pull(image, progress, deadline));
    }

    private List<WarmedImage> build(List<PinnedImage> images, Progress progress, Deadline deadline) {
        var begun = System.nanoTime();
        var built = standIns.build(images, progress, deadline);
        var took = Duration.ofNanos(System.nanoTime() - begun);
        return IntStream.range(0, images.size())
                .mapToObj(index -> WarmedImage.built(images.get(index), built.get(index), took))
                .toList();
    }

    private static void put(Map<String, WarmedImage> found, WarmedImage image) {
        found.put(image.pinned().name(), image);
    }

    private static List<PinnedImage> missing(List<PinnedImage> images, Map<String, WarmedImage> found) {
        return images.stream().filter(image -> !found.containsKey(image.name())).toList();
    }

    private void requireBuildable(
            List<PinnedImage> images,
            boolean mayBuild,
            Reachability reachability,
            Map<String, EnvctlException> problems) {
        var withoutRecipe = images.stream()
                .filter(image -> image.recipe().filter(recipes::has).isEmpty())
                .toList();
        if (images.isEmpty() || (mayBuild && withoutRecipe.isEmpty())) {
            return;
        }
        var remedy = withoutRecipe.isEmpty()
                ? "`envctl up --setup` builds stand-ins (about 10 minutes the first time)."
                : "There is no recipe in scripts/images to build %s: connect this machine to the registry."
                        .formatted(names(withoutRecipe));
        var details = new ArrayList<String>();
        problems.values().forEach(problem -> details.add("%s %s".formatted(problem.problem(), problem.remedy())));
        throw new EnvctlException(
                FailureKind.PREREQUISITE,
                "No registry answers for %s: %s.".formatted(names(images), reachability.reasons()),
                remedy,
                details,
                null);
    }

    private static String names(List<PinnedImage> images) {
        return images.stream().map(PinnedImage::name).collect(Collectors.joining(", "));
    }

    /** Tests against a stand-in are not tests against the locked image: nobody should have to guess. */
    private static void tellStandIns(Map<String, WarmedImage> found, Progress progress) {
        var names = found.values().stream()
                .map(WarmedImage::archive)
                .filter(ImageArchive::standIn)
                .map(ImageArchive::name)
                .collect(Collectors.joining(", "));
        if (!names.isEmpty()) {
            progress.note("Stand-ins built on this machine take the place of the locked images: " + names + ".");
        }
    }
}
