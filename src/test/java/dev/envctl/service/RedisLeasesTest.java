package dev.envctl.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.readiness.Deadline;
import dev.envctl.spec.RedisSpec;
import dev.envctl.spec.Resources;
import dev.envctl.spec.Storage;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class RedisLeasesTest {
    private static final String BUSY = "-BUSY Redis is busy running a script. You can only call SCRIPT KILL.";

    private static RedisLeases leases(FakeRedis redis) {
        var spec = new RedisSpec(
                "redis", 8, RedisSpec.Isolation.INDEX, Storage.MEMORY, new Resources("64Mi"), OptionalInt.empty());
        var service = new RedisService(spec, new ServiceCredentials("a", "b", "c"));
        return new RedisLeases(service, redis.endpoint(), List.of());
    }

    private static UnaryOperator<String> unless(UnaryOperator<String> special) {
        return command -> {
            var answer = special.apply(command);
            if (!answer.isEmpty()) {
                return answer;
            }
            if (command.startsWith("COMMAND LIST") || command.equals("ACL CAT")) {
                return "*0";
            }
            if (command.startsWith("HELLO")) {
                return "*2\r\n$5\r\nproto\r\n:2";
            }
            return command.startsWith("CLIENT KILL") ? ":0" : "+OK";
        };
    }

    @Test
    void endsAScriptThatIsInTheWayAndBeginsAgain() throws IOException {
        var scripts = new AtomicInteger(2);
        try (var redis = new FakeRedis(unless(command -> {
            if (command.equals("SCRIPT KILL")) {
                return scripts.getAndDecrement() > 0 ? "+OK" : "-NOTBUSY No scripts in execution right now.";
            }
            return command.startsWith("ACL SETUSER") && scripts.get() > 0 ? BUSY : "";
        }))) {
            leases(redis).reset(new Lessee(2, "l"), "pw", Deadline.in(Duration.ofSeconds(10)));

            assertThat(redis.asked).filteredOn("SCRIPT KILL"::equals).hasSize(2);
            assertThat(redis.asked).endsWith("SELECT 2", "FLUSHDB");
        }
    }

    @Test
    void saysWhatHelpsAgainstAScriptThatCannotBeEnded() throws IOException {
        try (var redis = new FakeRedis(unless(command -> switch (command.split(" ", -1)[0]) {
            case "SCRIPT" -> "-UNKILLABLE Sorry the script already executed write commands against the dataset.";
            case "HELLO" -> "";
            default -> BUSY;
        }))) {
            var failure = catchThrowableOfType(
                    EnvctlException.class, () -> leases(redis).release(2, Deadline.in(Duration.ofSeconds(1))));

            assertThat(failure.kind()).isEqualTo(FailureKind.TIMEOUT);
            assertThat(failure.problem())
                    .isEqualTo(
                            "Releasing the Redis lease of worker 2 failed: a script keeps Redis busy, and Redis ends no"
                                    + " script that has written already.");
            assertThat(failure.remedy()).contains("envctl up --recreate");
        }
    }

    @Test
    void endsNoScriptOnlyToLookAtTheReservedIndex() throws IOException {
        try (var redis = new FakeRedis(unless(command -> command.equals("DBSIZE") ? BUSY : ""))) {
            assertThatThrownBy(() -> leases(redis).leaks(Deadline.in(Duration.ofSeconds(5))))
                    .isInstanceOf(EnvctlException.class);

            assertThat(redis.asked).contains("DBSIZE").doesNotContain("SCRIPT KILL");
        }
    }

    @Test
    void asksOnceForModulesThatReachAcrossDatabases() throws IOException {
        try (var redis = new FakeRedis(unless(command -> switch (command) {
            case "ACL CAT" -> "*2\r\n$4\r\nread\r\n$6\r\nsearch";
            case "COMMAND LIST FILTERBY MODULE timeseries" -> "*1\r\n$7\r\nts.mget";
            default -> "";
        }))) {
            var leases = leases(redis);
            leases.reset(new Lessee(2, "l"), "pw", Deadline.in(Duration.ofSeconds(10)));
            leases.reset(new Lessee(3, "l"), "pw", Deadline.in(Duration.ofSeconds(10)));

            assertThat(redis.asked).filteredOn("ACL CAT"::equals).hasSize(1);
            assertThat(redis.asked)
                    .filteredOn(command -> command.startsWith("ACL SETUSER"))
                    .hasSize(2)
                    .allMatch(command -> command.endsWith(" -@search -ts.mget"));
        }
    }
}
