package dev.envctl.environment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.readiness.Answer;
import dev.envctl.readiness.Deadline;
import dev.envctl.service.Probe;
import dev.envctl.service.SharedRedisProbe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoginsTest {
    private static final Probe WORKS = () -> Answer.ready(true);
    private static final Probe UNKNOWN =
            () -> Answer.hopeless(new EnvctlException(FailureKind.FAILED, "It refuses it.", ""));

    @Test
    void areThoseOfTheEnvironmentAndOfItsLeases(@TempDir Path folder) throws IOException {
        var file = Files.writeString(
                folder.resolve("1.json"), SampleHandOff.lease().json());

        assertThat(logins(file).all().stream()
                        .map(login -> login.worker() + " " + login.part() + " " + name(login.probe())))
                .containsExactly(
                        "0 Optional.empty PostgresProbe[address=w1@127.0.0.1:15001/app_w1]",
                        "0 Optional.empty SharedRedisProbe w1@127.0.0.1:15002/0 w1@127.0.0.1:15002/0",
                        "1 Optional[POSTGRES] PostgresProbe[address=w1@127.0.0.1:15001/app_w1]",
                        "1 Optional.empty SharedRedisProbe w1@127.0.0.1:15002/0 w1@127.0.0.1:15002/0");
    }

    private static Logins logins(Path lease) {
        return Logins.of(SampleHandOff.of(lease.toString()), Deadline.in(Duration.ZERO));
    }

    private static String name(Probe probe) {
        return probe instanceof SharedRedisProbe shared
                ? "SharedRedisProbe %s %s".formatted(shared.address(), shared.administrator())
                : probe.toString();
    }

    @Test
    void theUserOfAServerOfItsOwnCanBeMended(@TempDir Path folder) throws IOException {
        var lease = SampleHandOff.lease().json().replace("15002", "15003");
        var file = Files.writeString(folder.resolve("1.json"), lease);

        assertThat(logins(file).all().get(3).part()).contains(Leases.Part.REDIS);
    }

    @Test
    void aRefusalNamesTheWorker() {
        var logins = new Logins(List.of(
                new Logins.Login(0, Optional.empty(), WORKS),
                new Logins.Login(1, Optional.empty(), WORKS),
                new Logins.Login(2, Optional.empty(), UNKNOWN)));

        assertThat(logins.refused()).contains("the lease of worker 2 does not work: It refuses it.");
        assertThat(logins.broken()).isEmpty();
    }

    @Test
    void whatCanBeMendedIsNoRefusal() {
        var changed = new Logins.Login(1, Optional.of(Leases.Part.POSTGRES), UNKNOWN);
        var silent = new Logins.Login(2, Optional.of(Leases.Part.REDIS), () -> Answer.notYet("timed out"));
        var logins = new Logins(List.of(new Logins.Login(0, Optional.empty(), WORKS), changed, silent));

        assertThat(logins.refused()).isEmpty();
        assertThat(logins.broken())
                .containsExactly(
                        new Logins.Broken(changed, "It refuses it.", true),
                        new Logins.Broken(silent, "timed out", false));
    }

    @Test
    void nothingIsRefusedWhereAllWork() {
        var logins = new Logins(List.of(
                new Logins.Login(0, Optional.empty(), WORKS),
                new Logins.Login(1, Optional.of(Leases.Part.POSTGRES), WORKS)));

        assertThat(logins.refused()).isEmpty();
        assertThat(logins.broken()).isEmpty();
    }
}
