package dev.envctl.spec;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The environment files of a project: {@code environments/NAME.yaml}. */
public final class EnvironmentFiles {
    private static final String DIRECTORY = "environments";
    private static final String ENDING = ".yaml";
    private static final String SCHEMA = "dev/envctl/schema/environment.schema.json";
    private static final String REMEDY = "Run `envctl schema` to see every key with its type and default.";

    private final Path root;
    private final Path start;

    private EnvironmentFiles(Path root, Path start) {
        this.root = root;
        this.start = start;
    }

    /**
     * Finds the project around a directory: the nearest directory, itself or above it, that holds {@code environments/}.
     *
     * @throws EnvctlException USAGE if there is none
     */
    public static EnvironmentFiles around(Path start) {
        var from = start.toAbsolutePath().normalize();
        for (var directory = from; directory != null; directory = directory.getParent()) {
            if (Files.isDirectory(directory.resolve(DIRECTORY))) {
                return new EnvironmentFiles(directory, from);
            }
        }
        throw new EnvctlException(
                FailureKind.USAGE,
                "There is no folder `%s` in %s or in any directory above it.".formatted(DIRECTORY, from),
                "Go to your project, or create `%s/e2e%s` there; `envctl schema` shows what it can say."
                        .formatted(DIRECTORY, ENDING));
    }

    /** The JSON Schema of environment files, as it is in the jar. */
    public static String schema() {
        return Schema.text(SCHEMA);
    }

    /** The project's directory, which holds {@code environments/}; absolute. */
    public Path root() {
        return root;
    }

    /** The environments there are files for, in alphabetical order. */
    public List<String> names() {
        try (var files = Files.list(root.resolve(DIRECTORY))) {
            return files.filter(Files::isRegularFile)
                    .map(file -> String.valueOf(file.getFileName()))
                    .filter(name -> name.endsWith(ENDING))
                    .map(name -> name.substring(0, name.length() - ENDING.length()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Reads and checks one environment file.
     *
     * @throws EnvctlException USAGE if there is no such file, or with every mistake in it and in the overrides
     */
    public EnvironmentSpec load(String name, Overrides overrides) {
        var names = names();
        if (!names.contains(name)) {
            throw missing(name, names);
        }
        var file = file(name);
        var source = SourceText.read(file, shown(file));
        var schema = new Schema(SCHEMA);
        var document = new StrictYaml(schema, REMEDY)
                .open(source, (tree, problems) -> overrides.apply(tree, schema, problems));
        var settings = new Settings(schema, document);
        new Consistency(settings).check(name);
        new Capacity(settings).check();
        new References(settings, root.resolve(DIRECTORY)).check();
        document.orThrow();
        return new EnvironmentReader(settings, file).read();
    }

    private Path file(String name) {
        return root.resolve(DIRECTORY).resolve(name + ENDING);
    }

    /** Relative to where the user stands, so that terminals can open it. */
    private String shown(Path file) {
        return start.relativize(file).toString();
    }

    private EnvctlException missing(String name, List<String> names) {
        var directory = shown(root.resolve(DIRECTORY));
        var problem = names.isEmpty()
                ? "There is no environment `%s`: the folder %s has no %s file.".formatted(name, directory, ENDING)
                : "There is no environment `%s` in %s, only: %s.".formatted(name, directory, String.join(", ", names));
        // People also name the file instead of the environment.
        var bare = name.substring(name.lastIndexOf('/') + 1).replaceAll("\\.ya?ml$", "");
        var near = names.contains(bare) ? Optional.of(bare) : Suggestion.nearest(bare, names);
        return new EnvctlException(
                FailureKind.USAGE,
                problem,
                near.map("Did you mean `-e %s`?"::formatted)
                        .orElse("Name another one with -e, or create %s/%s%s.".formatted(directory, bare, ENDING)));
    }
}
