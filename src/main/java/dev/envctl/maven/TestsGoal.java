package dev.envctl.maven;

import org.apache.maven.plugins.annotations.Parameter;

/** A goal that is of no use where a build runs no integration tests. */
abstract class TestsGoal extends EnvironmentGoal {
    @Parameter(property = "skipITs", defaultValue = "false")
    private boolean skipIntegrationTests;

    @Parameter(property = "skipTests", defaultValue = "false")
    private boolean skipTests;

    @Parameter(property = "maven.test.skip", defaultValue = "false")
    private boolean skipTestCompilation;

    @Override
    final boolean skipsTests() {
        return (skipIntegrationTests || skipTests || skipTestCompilation) && !isAskedFor();
    }
}
