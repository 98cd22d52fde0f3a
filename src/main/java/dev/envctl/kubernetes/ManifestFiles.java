package dev.envctl.kubernetes;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.representer.Representer;

/** Reads the user's own YAML, as strictly as the API server would, but with the line in each failure. */
public final class ManifestFiles {
    private ManifestFiles() {}

    /**
     * Reads a file or a folder.
     *
     * @param path a YAML file, or a folder whose *.yaml and *.yml files are read in name order, without subfolders
     * @return the objects in the order they stand in; a {@code List} counts as its items
     * @throws EnvctlException USAGE with file and line
     */
    public static List<Manifest> read(Path path) {
        var manifests = new ArrayList<Manifest>();
        for (var file : files(path)) {
            manifests.addAll(parse(file.toString(), text(file)));
        }
        if (manifests.isEmpty()) {
            throw usage(
                    "%s holds no Kubernetes object.".formatted(path), "Name a YAML file or a folder of YAML files.");
        }
        return manifests;
    }

    private static List<Path> files(Path path) {
        if (!Files.isDirectory(path)) {
            return List.of(path);
        }
        try (Stream<Path> entries = Files.list(path)) {
            return entries.filter(Files::isRegularFile)
                    .filter(file ->
                            file.toString().endsWith(".yaml") || file.toString().endsWith(".yml"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw unreadable(path, e);
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (MalformedInputException e) {
            throw usage("%s is not UTF-8 text.".formatted(file), "Save it as UTF-8.");
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    static List<Manifest> parse(String file, String text) {
        var manifests = new ArrayList<Manifest>();
        try {
            var options = new LoaderOptions();
            options.setAllowDuplicateKeys(false);
            var constructor = new PlainValues(options);
            var dumper = new DumperOptions();
            var yaml = new Yaml(constructor, new Representer(dumper), dumper, options, new KubernetesScalars());
            for (var document : yaml.composeAll(new java.io.StringReader(text))) {
                var value = constructor.construct(document);
                if (value != null) {
                    add(manifests, value, file, document);
                }
            }
        } catch (MarkedYAMLException e) {
            var mark = e.getProblemMark();
            var place = mark == null ? file : "%s:%d:%d".formatted(file, mark.getLine() + 1, mark.getColumn() + 1);
            throw usage("%s: %s.".formatted(place, e.getProblem()), "Correct the YAML.");
        } catch (YAMLException e) {
            throw usage("%s: %s".formatted(file, e.getMessage()), "Correct the YAML.");
        }
        return manifests;
    }

    private static void add(List<Manifest> manifests, Object value, String file, Node document) {
        var source = "%s:%d".formatted(file, document.getStartMark().getLine() + 1);
        if (!(value instanceof Map<?, ?> map)) {
            throw usage("%s: this document is no Kubernetes object.".formatted(source), "Give it apiVersion and kind.");
        }
        var object = PlainValues.object(map);
        var fields = Fields.of(object);
        if (fields.text("kind").equals("List") && fields.text("apiVersion").equals("v1")) {
            for (var item : fields.list("items")) {
                manifests.add(checked(new Manifest(PlainValues.object(item.object()), source)));
            }
            return;
        }
        manifests.add(checked(new Manifest(object, source)));
    }

    private static Manifest checked(Manifest manifest) {
        for (var path : List.of(List.of("apiVersion"), List.of("kind"), List.of("metadata", "name"))) {
            if (Fields.of(manifest.object()).text(path.toArray(String[]::new)).isEmpty()) {
                throw usage(
                        "%s: this object has no %s.".formatted(manifest.source(), String.join(".", path)),
                        "Every object needs apiVersion, kind and metadata.name.");
            }
        }
        return manifest;
    }

    private static EnvctlException unreadable(Path path, IOException cause) {
        return new EnvctlException(
                FailureKind.USAGE,
                "%s cannot be read: %s".formatted(path, cause),
                "Check the path in the environment file.",
                cause);
    }

    private static EnvctlException usage(String problem, String remedy) {
        return new EnvctlException(FailureKind.USAGE, problem, remedy);
    }
}
