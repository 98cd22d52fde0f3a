package dev.envctl.image;

import dev.envctl.process.Command;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A {@code scripts/images/build} with one recipe per name; what it builds is a sample image. */
final class FakeRecipes {
    final Path script;
    final FakePrograms programs = new FakePrograms(this::run);
    final List<String> built = new ArrayList<>();
    String hash = "a1";

    private final Path cache;
    private final SampleImage image;

    FakeRecipes(Path folder, Path cache, SampleImage image, String... names) {
        this.script = folder.resolve("build");
        this.cache = cache;
        this.image = image;
        try {
            Files.createDirectories(folder);
            Files.createFile(script);
            for (var name : names) {
                Files.createDirectory(folder.resolve(name));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String run(Command command) {
        var arguments = command.arguments().subList(2, command.arguments().size());
        var lines = new ArrayList<String>();
        if (arguments.get(0).equals("--hash")) {
            arguments.subList(1, arguments.size()).forEach(name -> lines.add(hash));
        } else {
            arguments.subList(2, arguments.size()).forEach(name -> lines.add(build(name)));
        }
        return String.join("\n", lines) + "\n";
    }

    private String build(String name) {
        var folder = cache.resolve("built").resolve(name).resolve(hash);
        try {
            if (!Files.exists(folder.resolve("image.json"))) {
                built.add(name);
                Files.createDirectories(folder.resolve("blobs"));
                write(name, folder);
            }
            return folder.resolve("image.json").toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void write(String name, Path folder) throws IOException {
        var blobs = folder.resolve("blobs");
        Files.write(blobs.resolve(Digest.of(image.config).hex()), image.config);
        Files.write(blobs.resolve(Digest.of(image.layer).hex()), image.layer);
        var content = new ArchiveContent(
                "localhost/envctl/" + name + ":" + hash,
                new Document("sample", image.manifest),
                new Platform("linux", "amd64"),
                Blobs.in(blobs));
        try (var stream = Files.newOutputStream(folder.resolve("image.tar"))) {
            ArchiveWriter.write(content, stream);
        }
        Files.writeString(folder.resolve("image.json"), """
                {"name": "%1$s", "repository": "localhost/envctl/%1$s", "tag": "%2$s", "digest": "%3$s",
                 "configDigest": "%4$s", "recipe": "%2$s", "platform": "linux/amd64", "size": %5$d, "versions": {}}
                """.formatted(
                name, hash, image.manifestDigest(), Digest.of(image.config), Files.size(folder.resolve("image.tar"))));
    }
}
