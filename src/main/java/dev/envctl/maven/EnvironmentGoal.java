package dev.envctl.maven;

import dev.envctl.EnvctlException;
import dev.envctl.client.Installation;
import dev.envctl.client.PlainProgress;
import dev.envctl.client.Request;
import dev.envctl.environment.EnvironmentDirectory;
import dev.envctl.spec.EnvironmentFiles;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import javax.inject.Inject;
import org.apache.maven.execution.MavenSession;
import org.apache.maven.plugin.AbstractMojo;
import org.apache.maven.plugin.MojoExecution;
import org.apache.maven.plugin.MojoExecutionException;
import org.apache.maven.plugin.descriptor.PluginDescriptor;
import org.apache.maven.plugins.annotations.Parameter;
import org.apache.maven.project.MavenProject;
import org.eclipse.aether.RepositorySystem;
import org.jspecify.annotations.Nullable;

/** What all goals share: which environment, whether at all, and how failures are told. */
abstract class EnvironmentGoal extends AbstractMojo {
    @Parameter(defaultValue = "${session}", readonly = true, required = true)
    @SuppressWarnings("NullAway.Init")
    private MavenSession session;

    @Parameter(defaultValue = "${project}", readonly = true, required = true)
    @SuppressWarnings("NullAway.Init")
    private MavenProject project;

    @Parameter(defaultValue = "${mojoExecution}", readonly = true, required = true)
    @SuppressWarnings("NullAway.Init")
    private MojoExecution execution;

    @Parameter(defaultValue = "${plugin}", readonly = true, required = true)
    @SuppressWarnings("NullAway.Init")
    private PluginDescriptor plugin;

    @Inject
    @SuppressWarnings("NullAway.Init")
    private RepositorySystem repositories;

    /** The environment: {@code environments/NAME.yaml}. Without it {@code ENVCTL_ENVIRONMENT}, else {@code e2e}. */
    @Parameter(property = "envctl.environment")
    private @Nullable String environment;

    /** Does nothing. */
    @Parameter(property = "envctl.skip", defaultValue = "false")
    private boolean skip;

    @Override
    public final void execute() throws MojoExecutionException {
        if (skip || skipsTests()) {
            getLog().info("Environment %s is skipped.".formatted(name()));
            skipped();
            return;
        }
        try {
            run();
        } catch (EnvctlException e) {
            throw new MojoExecutionException(new FailureText(e, logs()).text(), e);
        }
    }

    abstract void run();

    /** Whether the build leaves out what the goal is for. */
    boolean skipsTests() {
        return false;
    }

    /** Is called instead of {@link #run}. */
    void skipped() {}

    final String name() {
        if (environment != null && !environment.isBlank()) {
            return environment.strip();
        }
        var variable = variables().getOrDefault("ENVCTL_ENVIRONMENT", "");
        return variable.isEmpty() ? Request.DEFAULT_NAME : variable;
    }

    final MavenProject project() {
        return project;
    }

    /** Whether somebody has named the goal on the command line, and no phase has led to it. */
    final boolean isAskedFor() {
        return execution.getSource() == MojoExecution.Source.CLI;
    }

    final Reactor reactor() {
        return Reactor.of(session, plugin.getPluginLookupKey(), getLog());
    }

    final Map<String, String> variables() {
        return System.getenv();
    }

    final EnvironmentFiles files() {
        var folder = project.getBasedir();
        return EnvironmentFiles.around(folder == null ? Path.of(session.getExecutionRootDirectory()) : folder.toPath());
    }

    final EnvironmentDirectory directory() {
        return EnvironmentDirectory.of(files().root(), name());
    }

    final Installation installation() {
        return new InstallPlugin(Installation.cache(variables()))
                .run(new PluginJars(plugin, repositories, session.getRepositorySession(), project).files());
    }

    final PlainProgress progress() {
        return new PlainProgress(
                getLog()::info,
                getLog()::warn,
                outcome -> outcome.name().toLowerCase(Locale.ROOT),
                PlainProgress.HEARTBEAT);
    }

    /** Where to look when it fails; empty where there is no project. */
    private Optional<EnvironmentDirectory> logs() {
        try {
            return Optional.of(directory());
        } catch (EnvctlException e) {
            return Optional.empty();
        }
    }
}
