package dev.envctl.spec;

import java.nio.file.Path;
import java.util.List;

/**
 * The user's own Kubernetes objects.
 *
 * @param path a YAML file, or a folder whose *.yaml and *.yml files are applied in name order; absolute
 * @param namespace where objects go that name no namespace
 */
public record ManifestSpec(Path path, String namespace) {
    static final List<String> ENDINGS = List.of(".yaml", ".yml");
    static final String DEFAULT_NAMESPACE = "default";

    /** The files to apply, in order; looks at the disk each time. */
    public List<Path> files() {
        return FolderContents.of(path, ENDINGS);
    }
}
