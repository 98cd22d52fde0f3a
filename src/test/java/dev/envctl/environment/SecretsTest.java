package dev.envctl.environment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretsTest {
    @TempDir
    private Path folder;

    @Test
    void areThePasswordsAndTheAddressesThatContainThem() {
        assertThat(Secrets.of(SampleHandOff.of(folder.resolve("absent.json").toString())))
                .containsExactlyInAnyOrder(
                        SampleHandOff.PASSWORD,
                        "postgresql://w1:it%27s@127.0.0.1:15001/app_w1",
                        "postgresql://w1:it%27s@postgres.envctl.svc.cluster.local:5432/app_w1",
                        "secret",
                        "redis://w1:secret@127.0.0.1:15002/1",
                        "redis://w1:secret@redis.envctl.svc.cluster.local:6379/1");
    }

    @Test
    void areTheTokensAndKeysOfALeaseToo() throws IOException {
        var kubeconfig = Files.writeString(folder.resolve("7.kubeconfig"), """
                users:
                  - name: worker
                    user:
                      token: from-the-file
                      tokenFile: /not/a/secret
                  - user: {other: x}
                    client-certificate-data: public
                    client-key-data: "c2VjcmV0Cg=="
                """);
        Files.writeString(folder.resolve("7.token"), "renewed\n");
        var file = Files.writeString(folder.resolve("7.json"), lease(kubeconfig).json());

        assertThat(Secrets.of(lease(kubeconfig)))
                .containsExactlyInAnyOrder("api-token", "from-the-file", "c2VjcmV0Cg==", "renewed");
        assertThat(Secrets.of(SampleHandOff.of(file.toString())))
                .contains("secret", "api-token", "from-the-file", "c2VjcmV0Cg==", "renewed");
    }

    private static WorkerLease lease(Path kubeconfig) {
        return new WorkerLease(
                7,
                "w7-0",
                "w7-0",
                kubeconfig.toString(),
                "worker-7",
                null,
                null,
                new WorkerLease.Ports(1, 2),
                List.of(),
                "http://127.0.0.1:41233",
                "api-token",
                "00",
                null,
                false);
    }
}
