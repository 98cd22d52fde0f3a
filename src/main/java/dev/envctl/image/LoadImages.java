package dev.envctl.image;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.Progress;
import dev.envctl.readiness.Deadline;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Takes images from an OCI layout into the cache. Only what images.lock names by digest, or stand-ins if asked for. */
public final class LoadImages {
    private static final String PHASE = "load images";

    private final ImageArchives archives;
    private final StandIns standIns;
    private final PlatformChoice choice;

    LoadImages(ImageArchives archives, StandIns standIns, PlatformChoice choice) {
        this.archives = archives;
        this.standIns = standIns;
        this.choice = choice;
    }

    /**
     * Loads every locked image that a layout has. Everything is hashed before anything is stored.
     *
     * @param source a folder or a tar
     * @param trusted whether stand-ins that another machine built are taken: no committed digest vouches for them
     * @return what is here now
     * @throws EnvctlException USAGE if there is no such file; IMAGE if something in it is not what its digest says, or it
     *     has none of the locked images; PREREQUISITE if it has only stand-ins and they are not trusted
     */
    public List<ImageArchive> load(Path source, ImageLock lock, boolean trusted, Progress progress, Deadline deadline) {
        try (var layout = Layout.open(source)) {
            requireLayout(layout);
            var index = layout.document("index.json");
            var locked = new ArrayList<CheckedImage>();
            var built = new ArrayList<CheckedStandIn>();
            for (var image : lock.images()) {
                var entry = entry(index, image);
                if (entry.isPresent()) {
                    progress.waiting(PHASE, "hashing " + image.name());
                    locked.add(check(layout, image, entry.get()));
                } else {
                    standIn(layout, index, image, progress).ifPresent(built::add);
                }
            }
            requireSomething(layout, index, lock, locked, built, trusted);
            var loaded = new ArrayList<ImageArchive>();
            for (var image : locked) {
                progress.waiting(PHASE, "storing " + image.image().name());
                loaded.add(archives.keep(image, progress, deadline));
            }
            if (!built.isEmpty()) {
                loaded.addAll(standIns.keep(built, progress, deadline));
            }
            return List.copyOf(loaded);
        }
    }

    private static void requireLayout(Layout layout) {
        if (!layout.document("oci-layout").text("imageLayoutVersion").startsWith("1.")) {
            throw layout.untrusted("is no OCI image layout of version 1");
        }
    }

    private Optional<Descriptor> entry(Document index, PinnedImage image) {
        var platform = Optional.ofNullable(image.platforms().get(choice.platform()));
        return index.manifests().stream()
                .filter(found -> found.digest().equals(image.digest())
                        || platform.filter(own -> own.digest().equals(found.digest()))
                                .isPresent())
                .findFirst();
    }

    private CheckedImage check(Layout layout, PinnedImage image, Descriptor entry) {
        var pinned = layout.document(entry.digest());
        var digest = choice.manifestOf(image, pinned);
        var manifest = pinned.digest().equals(digest) ? pinned : layout.document(digest);
        return new CheckedImage(image, pinned, manifest, blobs(layout, image, manifest));
    }

    /** Hashes every part; what is read later is the same file. */
    private Blobs blobs(Layout layout, PinnedImage image, Document manifest) {
        layout.require(manifest.config());
        choice.requireRunsHere(image, layout.document(manifest.config().digest()));
        manifest.layers().stream().distinct().forEach(layout::require);
        return part -> layout.open(Layout.name(part.digest()));
    }

    /** Empty where the layout has none for that image, or one of another recipe. */
    private Optional<CheckedStandIn> standIn(Layout layout, Document index, PinnedImage image, Progress progress) {
        for (var entry : index.manifests()) {
            var annotations = index.annotations(entry.digest());
            var recipe = annotations.getOrDefault(SavedImage.RECIPE, "");
            if (image.recipe().filter(recipe::equals).isPresent()) {
                var hash = standIns.hash(image);
                if (hash.filter(known -> known.equals(annotations.get(SavedImage.RECIPE_HASH)))
                        .isEmpty()) {
                    progress.warn(
                            "The stand-in of `%s` in %s was not built from this project's recipe: it is left there."
                                    .formatted(image.name(), layout));
                    return Optional.empty();
                }
                var named =
                        TagRequest.parse(image.name(), annotations.getOrDefault(ArchiveWriter.REFERENCE, ""), recipe);
                var manifest = layout.document(entry.digest());
                var blobs = blobs(layout, image, manifest);
                return Optional.of(new CheckedStandIn(
                        image, recipe, hash.get(), named.repository().toString(), named.tag(), manifest, blobs));
            }
        }
        return Optional.empty();
    }

    private static void requireSomething(
            Layout layout,
            Document index,
            ImageLock lock,
            List<CheckedImage> locked,
            List<CheckedStandIn> built,
            boolean trusted) {
        if (!built.isEmpty() && !trusted) {
            throw new EnvctlException(
                    FailureKind.PREREQUISITE,
                    "%s has stand-ins that another machine built (%s). No digest in images.lock vouches for them; nothing was loaded."
                            .formatted(layout, names(built.stream().map(CheckedStandIn::image))),
                    "If you trust who built them: `envctl images load --stand-ins %s`.".formatted(layout));
        }
        if (locked.isEmpty() && built.isEmpty()) {
            throw new EnvctlException(
                    FailureKind.IMAGE,
                    "%s has none of the locked images (%s).".formatted(layout, names(lock.images().stream())),
                    "Save them from the same images.lock: `envctl images save`.",
                    index.manifests().stream()
                            .limit(20)
                            .map(entry -> "It has %s %s"
                                    .formatted(
                                            index.annotations(entry.digest()).getOrDefault(ArchiveWriter.REFERENCE, ""),
                                            entry.digest())
                                    .replaceAll("\\p{Cntrl}", "?"))
                            .toList(),
                    null);
        }
    }

    private static String names(Stream<PinnedImage> images) {
        return images.map(PinnedImage::name).collect(Collectors.joining(", "));
    }
}
