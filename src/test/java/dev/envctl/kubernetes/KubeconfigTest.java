package dev.envctl.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.envctl.EnvctlException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.util.Base64;
import java.util.List;
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

    /** Whatever a crash or a person made of it. */
    @Test
    void whereItIsDamagedThatIsSaid() throws GeneralSecurityException {
        var key = KeyPairGenerator.getInstance("EC").generateKeyPair().getPrivate();
        var pem = "-----BEGIN PRIVATE KEY-----\n%s\n-----END PRIVATE KEY-----\n"
                .formatted(Base64.getEncoder().encodeToString(key.getEncoded()));
        var whole =
                KUBECONFIG.replace("S0VZ", Base64.getEncoder().encodeToString(pem.getBytes(StandardCharsets.US_ASCII)));
        for (var damaged : List.of(
                KUBECONFIG,
                whole,
                whole.replace("Q0E=", "LS0tLS1CRUdJTg=="),
                whole.replace("Q0E=", "\"!!!!\""),
                KUBECONFIG.replace("S0VZ", "LS0tLS1CRUdJTiBSU0EgUFJJVkFURSBLRVktLS0tLQpBQUFB"))) {
            assertBroken(damaged);
        }
        for (var length = 0; length < whole.length() - 1; length += 7) {
            assertBroken(whole.substring(0, length));
        }
    }

    private static void assertBroken(String text) {
        assertThatThrownBy(() -> new HttpKubernetesApi(Kubeconfig.parse(text)).close())
                .as(text)
                .isInstanceOf(EnvctlException.class)
                .hasMessageContaining("kubeconfig");
    }

    @Test
    void doesNotShowTheKeyInLogs() {
        assertThat(Kubeconfig.parse(KUBECONFIG)).hasToString("Kubeconfig[kind-a at https://127.0.0.1:1]");
    }
}
