package dev.envctl.spec;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;

/** Files that an environment file names must be there before anything is created. */
final class References {
    private final Settings settings;
    private final Path directory;

    /** @param directory where relative paths start */
    References(Settings settings, Path directory) {
        this.settings = settings;
        this.directory = directory;
    }

    void check() {
        settings.items("services.postgres.init").forEach(item -> check(item, PostgresSpec.ENDINGS));
        settings.items("manifests")
                .forEach(item -> check(item.isMap() ? item.get("path").orElse(item) : item, ManifestSpec.ENDINGS));
    }

    private void check(YamlValue value, List<String> endings) {
        if (!value.isText() || value.text().isEmpty()) {
            return;
        }
        try {
            var path = directory.resolve(value.text()).normalize();
            if (!Files.exists(path)) {
                settings.reject(value, "there is no file or folder %s%s".formatted(path, nearby(path, value.text())));
            } else if (!Files.isReadable(path)) {
                settings.reject(value, "%s cannot be read".formatted(path));
            } else if (FolderContents.of(path, endings).isEmpty()) {
                settings.reject(
                        value, "the folder %s holds no %s".formatted(path, "*" + String.join(" or *", endings)));
            }
        } catch (InvalidPathException e) {
            settings.reject(value, "this is not a path: " + e.getReason());
        }
    }

    private String nearby(Path missing, String written) {
        var parent = missing.getParent();
        var name = missing.getFileName();
        if (parent == null || name == null || !Files.isDirectory(parent)) {
            return "";
        }
        try (var siblings = Files.list(parent)) {
            var names = siblings.map(path -> String.valueOf(path.getFileName())).toList();
            return Suggestion.nearest(name.toString(), names)
                    .map(near -> ", did you mean `%s`?"
                            .formatted(
                                    written.endsWith(name.toString())
                                            ? written.substring(
                                                            0,
                                                            written.length()
                                                                    - name.toString()
                                                                            .length())
                                                    + near
                                            : near))
                    .orElse("");
        } catch (IOException e) {
            // Only the hint is lost.
            return "";
        }
    }
}
