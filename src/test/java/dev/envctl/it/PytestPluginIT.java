package dev.envctl.it;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The pytest plugin as a user installs it, and its own tests, which need no environment. */
final class PytestPluginIT {
    private static final String SCRIPT = """
            python3 -m venv venv
            venv/bin/pip install --quiet --disable-pip-version-check '%1$s/src/pytest[xdist]'
            PYTHONDONTWRITEBYTECODE=1 venv/bin/python -m pytest -n 2 --junitxml=report.xml '%1$s/src/pytest'
            """.formatted(Project.CHECKOUT);

    @Test
    void isInstalledByPipAndPassesItsTests() {
        Installed.requirePython();
        try (var project = Project.with("rn-plugin", Project.small("rn-plugin"))) {
            var ran = project.bash(SCRIPT, Project.LONG);
            assertThat(ran.exitCode()).as(ran.all()).isZero();

            var report = PytestReport.read(project.folder().resolve("report.xml"));
            assertThat(report.tests()).as(ran.all()).isGreaterThan(50);
            assertThat(report.troubles()).as(ran.all()).isZero();
        }
    }
}
