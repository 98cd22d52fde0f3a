package dev.envctl.maven;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.maven.artifact.Artifact;
import org.apache.maven.plugin.descriptor.PluginDescriptor;
import org.apache.maven.project.MavenProject;
import org.eclipse.aether.RepositorySystem;
import org.eclipse.aether.RepositorySystemSession;
import org.eclipse.aether.artifact.DefaultArtifact;
import org.eclipse.aether.resolution.ArtifactRequest;
import org.eclipse.aether.resolution.ArtifactResolutionException;

/** The jars that a process of its own needs to be what this plugin is. */
record PluginJars(
        PluginDescriptor plugin, RepositorySystem repositories, RepositorySystemSession session, MavenProject project) {
    private static final String LOGGING = "org.slf4j";

    /**
     * The plugin's own and its libraries.
     *
     * @param missing resolves what Maven did not put there; a download where nobody has asked for it before
     */
    record Files(Path own, List<Path> libraries, java.util.function.Supplier<Path> missing) {
        Files {
            libraries = List.copyOf(libraries);
        }
    }

    Files files() {
        var own = Path.of("");
        var libraries = new ArrayList<Path>();
        var logging = "";
        for (var artifact : plugin.getArtifacts()) {
            if (isOwn(artifact)) {
                own = artifact.getFile().toPath();
            } else {
                libraries.add(artifact.getFile().toPath());
            }
            if (artifact.getGroupId().equals(LOGGING)) {
                logging = artifact.getVersion();
            }
        }
        var version = logging;
        return new Files(own, libraries, () -> logging(version));
    }

    private boolean isOwn(Artifact artifact) {
        return artifact.getGroupId().equals(plugin.getGroupId())
                && artifact.getArtifactId().equals(plugin.getArtifactId());
    }

    /** Maven leaves slf4j's interface out of each plugin's class path, because it has one itself. */
    private Path logging(String version) {
        var artifact = new DefaultArtifact(LOGGING, "slf4j-api", "jar", version);
        try {
            File file = repositories
                    .resolveArtifact(
                            session, new ArtifactRequest(artifact, project.getRemotePluginRepositories(), "envctl"))
                    .getArtifact()
                    .getFile();
            return file.toPath();
        } catch (ArtifactResolutionException e) {
            throw new EnvctlException(
                    FailureKind.PREREQUISITE,
                    "%s cannot be had: %s".formatted(artifact, e.getMessage()),
                    "Run Maven once without --offline.",
                    e);
        }
    }
}
