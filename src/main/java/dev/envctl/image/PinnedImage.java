package dev.envctl.image;

import java.util.Collections;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An entry of images.lock. Repository, tag and digest stay apart because Podman refuses {@code name:tag@digest}.
 *
 * @param name what environments call it
 * @param repository fully qualified, such as {@code docker.io/library/postgres}
 * @param tag for people; never used to fetch anything
 * @param digest what is used: of the index, or of the manifest where the tag names no index
 * @param platforms digests and sizes by platform; empty until resolved
 * @param build the recipe of a stand-in for machines that reach no registry, or null
 */
public record PinnedImage(
        String name,
        String repository,
        String tag,
        Digest digest,
        Map<Platform, PlatformImage> platforms,
        @Nullable String build) {
    private static final Pattern NAME = Pattern.compile("[a-z0-9]+([._-][a-z0-9]+)*");
    private static final Pattern TAG = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}");

    public PinnedImage {
        checkName(name);
        var qualified = Repository.parse(repository).toString();
        if (!qualified.equals(repository)) {
            throw new IllegalArgumentException(
                    "`%s` is not fully qualified: write `%s`".formatted(repository, qualified));
        }
        checkTag(tag);
        if (build != null) {
            checkName(build);
        }
        var sorted = new TreeMap<Platform, PlatformImage>(Comparator.comparing(Platform::toString));
        sorted.putAll(platforms);
        platforms = Collections.unmodifiableMap(sorted);
    }

    static void checkName(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "`%s` is no name: lower-case letters, digits and single . _ - between them".formatted(name));
        }
    }

    static void checkTag(String tag) {
        if (!TAG.matcher(tag).matches()) {
            throw new IllegalArgumentException("`%s` is no tag".formatted(tag));
        }
    }

    /** The folder below {@code scripts/images/} that builds a stand-in. */
    public Optional<String> recipe() {
        return Optional.ofNullable(build);
    }

    /** {@code repository@digest}, which every engine takes. */
    public String reference() {
        return repository + "@" + digest;
    }

    /** {@code repository:tag}, for people. */
    public String tagged() {
        return repository + ":" + tag;
    }

    Repository location() {
        return Repository.parse(repository);
    }
}
