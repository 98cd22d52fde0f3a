package dev.envctl.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class KubeconfigTest {
    private static final String KUBECONFIG = """
            apiVersion: v1
            kind: Config
            current-context: kind-a
            contexts: [{name: kind-a, context: {cluster: c, user: u}}]
            clusters: [{name: c, cluster: {server: "https://127.0.0.1:1", certificate-authority-data: Q0E=}}]
            users: [{name: u, user: {client-certificate-data: Q1JU, client-key-data: S0VZ}}]
            """;

    @Test
    void readsTheCurrentContext() {
        assertThat(Kubeconfig.parse(KUBECONFIG))
                .isEqualTo(new Kubeconfig("kind-a", "https://127.0.0.1:1", "CA", "CRT", "KEY"));
    }

    @Test
    void refusesACommandToRun() {
        var dangerous = KUBECONFIG.replace("client-key-data: S0VZ", "exec: {command: rm}");

        assertThatThrownBy(() -> Kubeconfig.parse(dangerous)).hasMessageContaining("names a command to run");
    }

    @Test
    void saysWhatIsMissing() {
        assertThatThrownBy(() -> Kubeconfig.parse(KUBECONFIG.replace("server:", "sever:")))
                .hasMessageContaining("it has no 'server'");
    }

    @Test
    void doesNotShowTheKeyInLogs() {
        assertThat(Kubeconfig.parse(KUBECONFIG)).hasToString("Kubeconfig[kind-a at https://127.0.0.1:1]");
    }
}
