package dev.envctl.runner;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** YAML as other programs read it. */
public final class YamlFile {
    private YamlFile() {}

    public static JsonObject read(Path file) {
        try {
            var loaded = new Yaml(new SafeConstructor(new LoaderOptions())).<Object>load(Files.readString(file));
            return new Gson().toJsonTree(loaded).getAsJsonObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
