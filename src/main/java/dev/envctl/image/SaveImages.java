package dev.envctl.image;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.Progress;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** Writes images of this machine as one OCI image layout, a folder or a tar. Asks no registry. */
public final class SaveImages {
    private static final String PHASE = "save images";

    private final ImageArchives archives;
    private final StandIns standIns;

    SaveImages(ImageArchives archives, StandIns standIns) {
        this.archives = archives;
        this.standIns = standIns;
    }

    /**
     * Saves images, each hashed once more on the way. The target is there whole or not at all.
     *
     * @param target a tar if its name ends so, replaced where it is there; else a folder, new or empty
     * @return what was saved
     * @throws EnvctlException PREREQUISITE if an image is not on this machine; USAGE if the folder is not empty; IMAGE if
     *     one is damaged
     */
    public List<ImageArchive> save(Path target, List<PinnedImage> images, Progress progress) {
        var found = here(images);
        var saved = new ArrayList<SavedImage>();
        try {
            for (var image : images) {
                var archive = Objects.requireNonNull(found.get(image.name()));
                saved.add(open(image, archive));
            }
            if (target.toString().endsWith(".tar")) {
                StoredFile.write(target, stream -> {
                    var tar = ArchiveWriter.tar(stream);
                    write(saved, (name, size, content) -> ArchiveWriter.add(tar, name, size, content), progress);
                    tar.finish();
                    tar.flush();
                });
            } else {
                new NewFolder(target).fill(folder -> write(saved, folder, progress));
            }
        } finally {
            saved.forEach(image -> image.archive().close());
        }
        return images.stream().map(image -> found.get(image.name())).toList();
    }

    private Map<String, ImageArchive> here(List<PinnedImage> images) {
        var found = new HashMap<String, ImageArchive>();
        images.forEach(image -> archives.find(image).ifPresent(archive -> found.put(image.name(), archive)));
        var others = images.stream()
                .filter(image -> !found.containsKey(image.name()))
                .toList();
        found.putAll(standIns.find(others).current());
        var missing = images.stream()
                .map(PinnedImage::name)
                .filter(name -> !found.containsKey(name))
                .toList();
        if (!missing.isEmpty()) {
            throw new EnvctlException(
                    FailureKind.PREREQUISITE,
                    "Not on this machine: %s. Nothing was saved.".formatted(String.join(", ", missing)),
                    "`envctl images warm` gets them.");
        }
        return found;
    }

    private SavedImage open(PinnedImage image, ImageArchive archive) {
        var layout = Layout.open(archive.path());
        var manifest = layout.document(archive.digest());
        var annotations = new HashMap<>(ArchiveWriter.names(archive.tagged()));
        if (archive.standIn()) {
            annotations.put(SavedImage.RECIPE, image.recipe().orElseThrow());
            annotations.put(SavedImage.RECIPE_HASH, standIns.hash(image).orElseThrow());
            return new SavedImage(layout, manifest, manifest, annotations);
        }
        return new SavedImage(layout, archives.index(image).orElse(manifest), manifest, annotations);
    }

    private static void write(List<SavedImage> images, LayoutFiles files, Progress progress) throws IOException {
        add(files, "oci-layout", ArchiveWriter.layout());
        add(
                files,
                "index.json",
                ArchiveWriter.index(images.stream()
                        .map(image -> ArchiveWriter.entry(image.pinned(), image.annotations()))
                        .toList()));
        var parts = new TreeMap<String, SavedImage>();
        var descriptors = new HashMap<String, Descriptor>();
        var documents = new TreeMap<String, Document>();
        for (var image : images) {
            image.documents().forEach(document -> documents.put(Layout.name(document.digest()), document));
            for (var part : image.parts()) {
                parts.put(Layout.name(part.digest()), image);
                descriptors.put(Layout.name(part.digest()), part);
            }
        }
        for (var document : documents.entrySet()) {
            add(files, document.getKey(), document.getValue().bytes());
        }
        for (var part : parts.entrySet()) {
            var descriptor = Objects.requireNonNull(descriptors.get(part.getKey()));
            progress.waiting(PHASE, descriptor.digest() + ", %.1f MB".formatted(descriptor.size() / 1e6));
            part.getValue().archive().require(descriptor);
            try (var content = part.getValue().archive().open(part.getKey())) {
                files.add(part.getKey(), descriptor.size(), content);
            }
        }
    }

    private static void add(LayoutFiles files, String name, byte[] content) throws IOException {
        files.add(name, content.length, new ByteArrayInputStream(content));
    }
}
