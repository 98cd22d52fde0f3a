package dev.envctl.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.envctl.image.WarmedImage;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What warming did.
 *
 * @param hash of what is locked
 * @param folders where the images lie, for a cache to keep
 */
record WarmReport(String hash, List<WarmedImage> images, List<Path> folders, double seconds) implements Handout {
    WarmReport {
        images = List.copyOf(images);
        folders = List.copyOf(folders);
    }

    @Override
    public String text() {
        var table = new Table().row("NAME", "IMAGE", "MOVED", "SECONDS", "FROM");
        for (var image : images) {
            table.row(image.pinned().name(), reference(image), megabytes(image.bytes()), seconds(image), image.from());
        }
        return table.text();
    }

    /** What really is here: of a stand-in its own, because it is not what images.lock names. */
    private static String reference(WarmedImage image) {
        return image.archive().standIn()
                ? image.archive().reference()
                : image.pinned().reference();
    }

    private static String megabytes(long bytes) {
        return String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
    }

    private static String seconds(WarmedImage image) {
        return String.format(Locale.ROOT, "%.1f", image.took().toMillis() / 1e3);
    }

    private long bytes() {
        return images.stream().mapToLong(WarmedImage::bytes).sum();
    }

    @Override
    public String json() {
        var rows = new JsonArray();
        for (var image : images) {
            var row = new JsonObject();
            row.addProperty("name", image.pinned().name());
            row.addProperty("tagged", image.pinned().tagged());
            row.addProperty("reference", reference(image));
            row.addProperty("digest", image.archive().digest().toString());
            row.addProperty("standIn", image.archive().standIn());
            row.addProperty("bytes", image.bytes());
            row.addProperty("seconds", image.took().toMillis() / 1e3);
            var sources = new JsonArray();
            image.sources().forEach(sources::add);
            row.add("from", sources);
            row.addProperty("archive", image.archive().path().toString());
            rows.add(row);
        }
        var paths = new JsonArray();
        folders.forEach(folder -> paths.add(folder.toString()));
        var json = new JsonObject();
        json.addProperty("hash", hash);
        json.add("paths", paths);
        json.addProperty("bytes", bytes());
        json.addProperty("seconds", Math.round(seconds * 1e3) / 1e3);
        json.add("images", rows);
        return WorkerCommand.pretty(json);
    }

    /** None: images are no process's own. */
    @Override
    public Map<String, String> variables() {
        return Map.of();
    }

    @Override
    public Map<String, String> outputs() {
        var outputs = new LinkedHashMap<String, String>();
        outputs.put("hash", hash);
        outputs.put("path", folders.stream().map(Path::toString).collect(Collectors.joining("\n")));
        outputs.put("bytes", Long.toString(bytes()));
        outputs.put(
                "stand-ins",
                images.stream()
                        .filter(image -> image.archive().standIn())
                        .map(image -> image.pinned().name())
                        .collect(Collectors.joining(" ")));
        return outputs;
    }

    @Override
    public Set<String> secrets() {
        return Set.of();
    }

    @Override
    public String summary() {
        var table = new MarkdownTable("name", "image", "moved", "seconds", "from");
        for (var image : images) {
            table.row(
                    image.pinned().name(),
                    MarkdownTable.code(reference(image)),
                    megabytes(image.bytes()),
                    seconds(image),
                    image.from());
        }
        return "### Images\n\n" + table.text() + "\n";
    }
}
