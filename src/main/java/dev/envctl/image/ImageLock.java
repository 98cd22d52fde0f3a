package dev.envctl.image;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.spec.Suggestion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The committed images.lock: the only place that says which images are used. */
public final class ImageLock {
    private final Path file;
    private final Map<String, PinnedImage> images = new LinkedHashMap<>();

    private ImageLock(Path file, List<PinnedImage> images) {
        this.file = file;
        images.forEach(image -> this.images.put(image.name(), image));
    }

    /**
     * Reads the lock file.
     *
     * @throws EnvctlException USAGE if it is not there or not as `envctl images lock` writes it
     */
    public static ImageLock read(Path file) {
        try {
            return parse(file, Files.readString(file));
        } catch (NoSuchFileException e) {
            throw new EnvctlException(
                    FailureKind.USAGE,
                    "There is no %s.".formatted(file),
                    "Run `envctl images lock NAME=REPOSITORY:TAG`, which writes it.",
                    e);
        } catch (IOException e) {
            throw StoredFile.cannot("read", file, e);
        }
    }

    static ImageLock parse(Path file, String text) {
        var entries = new LockFileReader(file.toString(), false).read(text);
        return new ImageLock(file, entries.stream().map(LockEntry::image).toList());
    }

    static ImageLock empty(Path file) {
        return new ImageLock(file, List.of());
    }

    /** The recipe of a locked image, where it has one. */
    Optional<String> recipe(String name) {
        return Optional.ofNullable(images.get(name)).flatMap(PinnedImage::recipe);
    }

    static byte[] text(List<PinnedImage> images) {
        return entries(LockText.COMMITTED, images);
    }

    private static byte[] entries(String header, List<PinnedImage> images) {
        var entries = images.stream().map(image -> new LockEntry(image, null)).toList();
        return LockText.write(header, entries).getBytes(StandardCharsets.UTF_8);
    }

    /** 64 hexadecimal digits that change when anything about a locked image does; comments and order do not count. */
    public String hash() {
        return Digest.of(entries("", images())).hex();
    }

    /** Every locked image, in the order of the file. */
    public List<PinnedImage> images() {
        return List.copyOf(images.values());
    }

    /**
     * The image of that name.
     *
     * @throws EnvctlException IMAGE if it is not locked, with the name that was probably meant
     */
    public PinnedImage image(String name) {
        var image = images.get(name);
        if (image != null) {
            return image;
        }
        var meant = Suggestion.nearest(name, images.keySet());
        var problem = "The image `%s` is not in %s, which has %s."
                .formatted(name, file, images.isEmpty() ? "none" : String.join(", ", images.keySet()));
        var command = "`envctl images lock %s=REPOSITORY:TAG` locks it.".formatted(name);
        throw new EnvctlException(
                FailureKind.IMAGE,
                problem,
                meant.map("Did you mean `%s`? Otherwise "::formatted).orElse("") + command);
    }
}
