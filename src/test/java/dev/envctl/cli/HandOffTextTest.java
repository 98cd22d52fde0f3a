package dev.envctl.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.envctl.environment.SampleHandOff;
import org.junit.jupiter.api.Test;

class HandOffTextTest {
    @Test
    void saysWhereEverythingIs() {
        var text = HandOffText.of(SampleHandOff.of("/p/.envctl/e2e/workers/1.json"));

        assertThat(text).isEqualTo("""
                environment e2e (0a1b2c3d) is ready
                  kubeconfig  /p/.envctl/e2e/kubeconfig
                  API server  https://127.0.0.1:15000
                  Postgres    127.0.0.1:15001, database app_w1
                  Redis       127.0.0.1:15002
                  workers     1 leases in /p/.envctl/e2e/workers
                """);
    }
}
