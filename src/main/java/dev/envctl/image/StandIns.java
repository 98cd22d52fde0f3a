package dev.envctl.image;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.Progress;
import dev.envctl.readiness.Deadline;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The stand-ins that this machine's user agreed to. One counts as long as its recipe has the content it was built from and
 * its archive is whole.
 */
final class StandIns {
    private static final String REMEDY = "Run `envctl setup`.";

    private final MachineLock lock;
    private final Recipes recipes;
    private final VerifiedArchives verified;
    private final Platform platform;

    StandIns(MachineLock lock, Recipes recipes, VerifiedArchives verified, Platform platform) {
        this.lock = lock;
        this.recipes = recipes;
        this.verified = verified;
        this.platform = platform;
    }

    /**
     * What this machine has in place of some images, by their names.
     *
     * @param problems why a stand-in that was agreed to does not count any more: PREREQUISITE if its recipe changed or it
     *     is gone, IMAGE if it is damaged
     */
    record Standing(Map<String, ImageArchive> current, Map<String, EnvctlException> problems) {
        Optional<ImageArchive> of(PinnedImage image) {
            return Optional.ofNullable(current.get(image.name()));
        }
    }

    /** Looks stand-ins up. A program runs only if there are any to compare with their recipes. */
    Standing find(List<PinnedImage> images) {
        var entries = lock.entries();
        var replaced = images.stream()
                .filter(image -> entries.stream().anyMatch(entry -> isFor(entry, image)))
                .toList();
        var hashes = recipes.hashes(
                replaced.stream().flatMap(image -> image.recipe().stream()).toList());
        var standing = new Standing(new LinkedHashMap<>(), new LinkedHashMap<>());
        for (var image : replaced) {
            try {
                var entry = current(image, entries, hashes.get(image.build()));
                standing.current().put(image.name(), archive(image, entry));
            } catch (EnvctlException e) {
                if (e.kind() != FailureKind.IMAGE && e.kind() != FailureKind.PREREQUISITE) {
                    throw e;
                }
                standing.problems().put(image.name(), e);
            }
        }
        return standing;
    }

    private static boolean isFor(LockEntry entry, PinnedImage image) {
        return entry.image().name().equals(image.build());
    }

    private static LockEntry current(PinnedImage image, List<LockEntry> entries, @Nullable String hash) {
        return entries.stream()
                .filter(entry -> isFor(entry, image) && Objects.equals(entry.recipe(), hash))
                .findFirst()
                .orElseThrow(() -> new EnvctlException(
                        FailureKind.PREREQUISITE,
                        "The recipe of `%s` changed since its stand-in was built.".formatted(image.name()),
                        REMEDY));
    }

    private ImageArchive archive(PinnedImage image, LockEntry entry) {
        var built = recipes.find(entry.image().name(), String.valueOf(entry.recipe()))
                .filter(found -> Files.isRegularFile(found.archive()))
                .orElseThrow(() -> new EnvctlException(
                        FailureKind.PREREQUISITE,
                        "The stand-in of `%s` is no longer in the cache.".formatted(image.name()),
                        REMEDY));
        if (!built.digest().equals(entry.image().digest())) {
            throw new EnvctlException(
                    FailureKind.IMAGE,
                    "The stand-in of `%s` is %s, but %s says %s."
                            .formatted(
                                    image.name(),
                                    built.digest(),
                                    lock,
                                    entry.image().digest()),
                    REMEDY);
        }
        return archive(image, built);
    }

    private ImageArchive archive(PinnedImage image, BuiltImage built) {
        var config = verified.configOf(built.archive(), built.digest());
        return new ImageArchive(
                image.name(), built.repository(), built.tag(), built.digest(), config, built.archive(), true);
    }

    /**
     * Builds stand-ins, verifies them, and remembers that the user agreed to them.
     *
     * @param images each with a recipe that this checkout has
     */
    List<ImageArchive> build(List<PinnedImage> images, Progress progress, Deadline deadline) {
        var names = images.stream()
                .map(image -> image.recipe().orElseThrow())
                .distinct()
                .toList();
        var built = new LinkedHashMap<String, BuiltImage>();
        for (var image : recipes.build(names, progress, deadline)) {
            built.put(image.name(), whole(image, progress, deadline));
        }
        var archives = images.stream()
                .map(image -> archive(image, Objects.requireNonNull(built.get(image.build()))))
                .toList();
        lock.add(List.copyOf(built.values()), this::isGone, progress, deadline);
        return archives;
    }

    /** The hash of the recipe that builds an image's stand-in; empty where this checkout has none. */
    Optional<String> hash(PinnedImage image) {
        return image.recipe().map(recipe -> recipes.hashes(List.of(recipe)).get(recipe));
    }

    /**
     * Takes over stand-ins that another machine built from the same recipes, and remembers that the user agreed to them.
     * One that this machine has built itself stays.
     */
    List<ImageArchive> keep(List<CheckedStandIn> checked, Progress progress, Deadline deadline) {
        var built = checked.stream()
                .map(standIn ->
                        recipes.find(standIn.recipe(), standIn.hash()).orElseGet(() -> recipes.add(standIn, platform)))
                .toList();
        lock.add(built, this::isGone, progress, deadline);
        var archives = new ArrayList<ImageArchive>();
        for (var index = 0; index < built.size(); index++) {
            archives.add(archive(checked.get(index).image(), built.get(index)));
        }
        return archives;
    }

    private boolean isGone(LockEntry entry) {
        return recipes.find(entry.image().name(), String.valueOf(entry.recipe()))
                .isEmpty();
    }

    /** What the cache had may be damaged: then it is built once more. */
    private BuiltImage whole(BuiltImage image, Progress progress, Deadline deadline) {
        requirePlatform(image);
        try {
            verified.configOf(image.archive(), image.digest());
            return image;
        } catch (EnvctlException e) {
            if (e.kind() != FailureKind.IMAGE) {
                throw e;
            }
            progress.warn("Building the stand-in `%s` again: %s".formatted(image.name(), e.problem()));
        }
        StoredFile.removeTree(Objects.requireNonNull(image.archive().getParent()));
        var again = recipes.build(List.of(image.name()), progress, deadline).get(0);
        verified.verify(again.archive(), again.digest());
        return again;
    }

    private void requirePlatform(BuiltImage image) {
        if (!image.platform().equals(platform)) {
            throw new EnvctlException(
                    FailureKind.IMAGE,
                    "The stand-in `%s` is for %s, and this machine is %s."
                            .formatted(image.name(), image.platform(), platform),
                    "Set ENVCTL_CACHE to a directory that other machines do not share.");
        }
    }

    /**
     * Hashes the current stand-in of an image again, whatever is remembered of it.
     *
     * @return empty if there is none that counts
     * @throws EnvctlException IMAGE with the first difference
     */
    Optional<ImageArchive> verify(PinnedImage image) {
        var standing = find(List.of(image));
        var problem = standing.problems().get(image.name());
        if (problem != null && problem.kind() == FailureKind.IMAGE) {
            throw problem;
        }
        var archive = standing.of(image);
        archive.ifPresent(found -> verified.verify(found.path(), found.digest()));
        return archive;
    }
}
