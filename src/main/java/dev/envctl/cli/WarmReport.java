package dev.envctl.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.envctl.image.WarmedImage;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;

/**
 * What warming did.
 *
 * @param hash of what is locked
 * @param folders where the images lie, for a cache to keep
 */
record WarmReport(String hash, List<WarmedImage> images, List<Path> folders, double seconds) {
    WarmReport {
        images = List.copyOf(images);
        folders = List.copyOf(folders);
    }

    void print(CommandSpec spec, boolean json) {
        if (json) {
            ImagesCommand.print(spec, json());
        } else {
            spec.commandLine().getOut().print(text());
        }
        spec.commandLine().getOut().flush();
    }

    private String text() {
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

    private JsonObject json() {
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
        return json;
    }

    void tell(GithubStep github) {
        github.output("hash", hash);
        github.output("path", folders.stream().map(Path::toString).collect(Collectors.joining("\n")));
        github.output("bytes", Long.toString(bytes()));
        github.output(
                "stand-ins",
                images.stream()
                        .filter(image -> image.archive().standIn())
                        .map(image -> image.pinned().name())
                        .collect(Collectors.joining(" ")));
        var table = new StringBuilder("| name | image | moved | seconds | from |\n|---|---|---:|---:|---|\n");
        for (var image : images) {
            table.append("| %s | `%s` | %s | %s | %s |\n"
                    .formatted(
                            image.pinned().name(),
                            reference(image),
                            megabytes(image.bytes()),
                            seconds(image),
                            image.from()));
        }
        github.summary("### Images\n\n" + table + "\n");
    }
}
