package dev.envctl.environment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.readiness.Answer;
import dev.envctl.service.Probe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoginsTest {
    private static final Probe WORKS = () -> Answer.ready(true);

    @Test
    void areThoseOfTheEnvironmentAndOfItsLeases(@TempDir Path folder) throws IOException {
        var file = Files.writeString(
                folder.resolve("1.json"), SampleHandOff.lease().json());

        assertThat(Logins.of(SampleHandOff.of(file.toString())).all().stream()
                        .map(login -> login.whose() + " " + login.probe()))
                .containsExactly(
                        " PostgresProbe[address=w1@127.0.0.1:15001/app_w1]",
                        " RedisProbe[address=w1@127.0.0.1:15002/0]",
                        "worker 1 PostgresProbe[address=w1@127.0.0.1:15001/app_w1]",
                        "worker 1 RedisProbe[address=w1@127.0.0.1:15002/0]");
    }

    @Test
    void aRefusalNamesTheWorker() {
        var logins = new Logins(List.of(
                new Logins.Login("", WORKS),
                new Logins.Login("worker 1", WORKS),
                new Logins.Login(
                        "worker 2",
                        () -> Answer.hopeless(new EnvctlException(FailureKind.FAILED, "Redis refuses it.", "")))));

        assertThat(logins.refused()).contains("the lease of worker 2 does not work: Redis refuses it.");
    }

    @Test
    void nothingIsRefusedWhereAllWork() {
        assertThat(new Logins(List.of(new Logins.Login("", WORKS), new Logins.Login("worker 1", WORKS))).refused())
                .isEmpty();
    }
}
