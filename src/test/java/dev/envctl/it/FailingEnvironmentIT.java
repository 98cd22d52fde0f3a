package dev.envctl.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What goes wrong in a cluster is recognised early, explained, and leaves nothing behind. */
@Timeout(360)
final class FailingEnvironmentIT {
    /** All time-outs here are minutes: what cannot heal must be seen long before. */
    private static final Duration EARLY = Duration.ofSeconds(60);

    @Test
    void recognisesACrashLoopAndKeepsItWhenAsked() {
        try (var project = Project.with("fail-crash", environment("fail-crash", """
                services: {postgres: {settings: {shared_buffers: nonsense}}}
                timeouts: {services: 5m}
                """))) {
            var ran = project.envctl("up", "-e", "fail-crash", "--keep-on-failure");
            FailureReport.of(ran, 1)
                    .problem(
                            "Could not await services: Postgres: deployment/postgres in namespace envctl cannot become ready",
                            "pod/postgres-",
                            "exit code 1",
                            "restart",
                            "FATAL:  invalid value for parameter \"shared_buffers\": \"nonsense\"",
                            // The kubelet may tell its own up to ten seconds later, the scheduler tells at once.
                            "  event: ")
                    .remedy(
                            "Mend services.postgres in the environment file",
                            "KUBECONFIG=" + project.files("fail-crash").resolve("kubeconfig"),
                            "`envctl down -e fail-crash` removes it")
                    .phaseEndedWithin(project.files("fail-crash"), "await services", EARLY)
                    .diagnostics("envctl_postgres-.*\\.txt", "invalid value for parameter")
                    .diagnostics("kubelet\\.log", "postgres");

            var status = project.envctl("status", "-e", "fail-crash");
            assertThat(status.exitCode()).as(status.all()).isEqualTo(6);
            assertThat(status.stdout()).contains("fail-crash is failed", "envctl down -e fail-crash");
            // A container that was started again a moment ago has said nothing yet.
            await().atMost(EARLY)
                    .untilAsserted(() -> assertThat(project.succeeds("logs", "postgres", "-e", "fail-crash")
                                    .stdout())
                            .contains("invalid value for parameter \"shared_buffers\""));
            assertThat(Leftovers.of(project.folder()))
                    .as("kept")
                    .anyMatch(line -> line.startsWith("container envctl-fail-crash-"));

            project.succeeds("down", "-e", "fail-crash");
            project.assertNothingLeft();
        }
    }

    @Test
    void namesTheLimitThatWasTooLow() {
        try (var project = Project.with("fail-memory", environment("fail-memory", """
                services: {postgres: {resources: {memory: 16Mi}}}
                """))) {
            FailureReport.of(project.envctl("up", "-e", "fail-memory"), 1)
                    .problem("Postgres: ", "OOM killed at its limit of 16Mi")
                    .remedy("Raise services.postgres.resources.memory")
                    .phaseEndedWithin(project.files("fail-memory"), "await services", EARLY)
                    .diagnostics("envctl_postgres-.*\\.txt", "OOMKilled");
            project.assertNothingLeft();
        }
    }

    @Test
    void namesFileAndLineOfSqlThatPostgresRefuses() {
        try (var project = Project.with("fail-sql", environment("fail-sql", """
                services: {postgres: {init: [sql]}}
                """))) {
            project.file("environments/sql/1.sql", "CREATE TABLE a (id int);\n");
            project.file("environments/sql/2.sql", "INSERT INTO a VALUES (1);\n\nINSERT INTO b\n  VALUES (1);\n");
            FailureReport.of(project.envctl("up", "-e", "fail-sql"), 1)
                    .problem(
                            "Could not issue leases: ",
                            project.folder().resolve("environments/sql/2.sql") + ":3: ",
                            "relation \"b\" does not exist (SQLSTATE 42P01)")
                    .remedy("Correct the file.")
                    .diagnostics("envctl_postgres-.*\\.txt", "relation \"b\" does not exist");
            project.assertNothingLeft();
        }
    }

    @Test
    void quotesTheSchedulerWhenAPodFitsNowhere() {
        try (var project = withManifest("fail-place", "5m", """
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: nowhere}
                spec:
                  selector: {matchLabels: {app: nowhere}}
                  template:
                    metadata: {labels: {app: nowhere}}
                    spec:
                      nodeSelector: {disk: gold}
                      containers: [{name: main, image: registry.k8s.io/pause:3.10.1, imagePullPolicy: Never}]
                """)) {
            FailureReport.of(project.envctl("up", "-e", "fail-place"), 1)
                    .problem(
                            "Could not apply manifests: ",
                            project.folder().resolve("environments/app.yaml").toString(),
                            "deployment/nowhere in namespace default cannot become ready",
                            "unschedulable: 0/1 nodes are available",
                            "didn't match Pod's node affinity/selector")
                    .remedy("nodeSelector")
                    .phaseEndedWithin(project.files("fail-place"), "apply manifests", EARLY)
                    .diagnostics("default_nowhere-.*\\.txt", "FailedScheduling");
            project.assertNothingLeft();
        }
    }

    @Test
    void endsAtOnceWhenAJobHasFailed() {
        try (var project = withManifest("fail-job", "5m", """
                apiVersion: batch/v1
                kind: Job
                metadata: {name: migrate}
                spec:
                  activeDeadlineSeconds: 10
                  template:
                    spec:
                      restartPolicy: Never
                      containers: [{name: main, image: registry.k8s.io/pause:3.10.1, imagePullPolicy: Never}]
                """)) {
            FailureReport.of(project.envctl("up", "-e", "fail-job"), 1)
                    .problem("job/migrate in namespace default failed: ", "active longer than specified deadline")
                    .remedy("Look at the logs of its pods")
                    .phaseEndedWithin(project.files("fail-job"), "apply manifests", EARLY)
                    .diagnostics("kubelet\\.log", "migrate");
            project.assertNothingLeft();
        }
    }

    @Test
    void saysWhatACustomResourceSaysWhenTimeIsUp() {
        try (var project = withManifest("fail-custom", "30s", """
                apiVersion: apiextensions.k8s.io/v1
                kind: CustomResourceDefinition
                metadata: {name: gadgets.example.com}
                spec:
                  group: example.com
                  scope: Namespaced
                  names: {kind: Gadget, plural: gadgets}
                  versions:
                    - name: v1
                      served: true
                      storage: true
                      schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
                ---
                apiVersion: example.com/v1
                kind: Gadget
                metadata: {name: lonely}
                status: {conditions: [{type: Ready, status: "False", message: nobody reconciles gadgets}]}
                """)) {
            FailureReport.of(project.envctl("up", "-e", "fail-custom"), 4)
                    .problem(
                            "Could not apply manifests: Timed out after 30 s waiting for ",
                            "app.yaml: gadget/lonely in namespace default: not Ready: nobody reconciles gadgets")
                    .remedy("timeouts.manifests")
                    .diagnostics("kube-system_kube-apiserver-.*\\.txt", "phase Running");
            project.assertNothingLeft();
        }
    }

    @Test
    void namesFileAndLineOfAManifestThatTheServerRefuses() {
        try (var project = withManifest("fail-refused", "5m", """
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: fine}
                ---
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: refused}
                dta: {a: b}
                """)) {
            FailureReport.of(project.envctl("up", "-e", "fail-refused"), 1)
                    .problem(
                            project.folder().resolve("environments/app.yaml") + ":5: ",
                            "Applying configmap/refused",
                            "field not declared in schema")
                    .remedy("Correct the manifest")
                    .phaseEndedWithin(project.files("fail-refused"), "apply manifests", EARLY)
                    .diagnostics("kubelet\\.log", "");
            project.assertNothingLeft();
        }
    }

    @Test
    void namesThePhaseAndWhatItWaitedForWhenTheTotalIsUp() {
        try (var project = Project.with("fail-total", environment("fail-total", "services: {}\n"))) {
            var ran = project.envctl("up", "-e", "fail-total", "--timeout", "4s");
            FailureReport.of(ran, 4)
                    .problem("Could not ")
                    .remedy("All phases together may take 4 s: give them longer with `--timeout` or `timeouts.total`.");
            assertThat(ran.stderr())
                    .containsAnyOf(
                            "Timed out after 4 s waiting for ", "`kind create cluster", "did not end within 4 s");
            assertThat(ran.took()).isLessThan(EARLY);
            project.assertNothingLeft();
        }
    }

    private static Project withManifest(String name, String limit, String manifest) {
        return Project.with(name, environment(name, """
                        services: {}
                        manifests: [app.yaml]
                        timeouts: {manifests: %s}
                        """.formatted(limit))).file("environments/app.yaml", manifest);
    }

    private static String environment(String name, String rest) {
        return """
                apiVersion: envctl.dev/v1
                kind: Environment
                metadata: {name: %s}
                workers: {count: 1}
                """.formatted(name) + rest;
    }
}
