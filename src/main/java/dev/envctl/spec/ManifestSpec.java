package dev.envctl.spec;

import java.nio.file.Path;

/**
 * The user's own Kubernetes objects.
 *
 * @param path a YAML file, or a folder whose *.yaml and *.yml files are applied in name order; absolute
 * @param namespace where objects go that name no namespace
 */
public record ManifestSpec(Path path, String namespace) {}
