package dev.envctl.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.envctl.machine.ClosedPort;
import dev.envctl.readiness.Answer;
import dev.envctl.readiness.Deadline;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class SharedRedisProbeTest {
    private static final String BUSY = "-BUSY Redis is busy running a script. You can only call SCRIPT KILL.";

    private static Answer<Boolean> ask(FakeRedis redis, Duration limit) {
        return ask(redis.endpoint(), limit);
    }

    private static Answer<Boolean> ask(ServiceEndpoint redis, Duration limit) {
        return new SharedRedisProbe(
                        new RedisAddress(redis, "worker-1", "pw", 0),
                        new RedisAddress(redis, "default", "c", 0),
                        Deadline.in(limit))
                .ask();
    }

    private static FakeRedis redis(UnaryOperator<String> answers) throws IOException {
        return new FakeRedis(command -> {
            var answer = answers.apply(command);
            if (!answer.isEmpty()) {
                return answer;
            }
            return command.startsWith("HELLO") ? "*2\r\n$5\r\nproto\r\n:2" : "+OK";
        });
    }

    @Test
    void endsTheScriptThatIsInTheWayAndAsksAgain() throws IOException {
        var scripts = new AtomicInteger(2);
        try (var redis = redis(command -> {
            if (command.equals("SCRIPT KILL")) {
                scripts.decrementAndGet();
                return "+OK";
            }
            return command.equals("PING") && scripts.get() > 0 ? BUSY : "";
        })) {
            assertThat(ask(redis, Duration.ofSeconds(10))).isEqualTo(Answer.ready(true));

            assertThat(redis.asked).filteredOn("SCRIPT KILL"::equals).hasSize(2);
        }
    }

    @Test
    void saysThatAScriptCannotBeEnded() throws IOException {
        try (var redis = redis(command -> switch (command) {
            case "SCRIPT KILL" -> "-UNKILLABLE Sorry the script already executed write commands against the dataset.";
            case "PING" -> BUSY;
            default -> "";
        })) {
            assertThat(ask(redis, Duration.ofSeconds(1)))
                    .isInstanceOfSatisfying(
                            Answer.NotYet.class,
                            answer -> assertThat(answer.reason()).contains("Redis ends no script that has written"));
        }
    }

    @Test
    void endsNothingWhereTheLoginIsRefused() throws IOException {
        try (var redis = redis(command ->
                command.contains("AUTH") ? "-WRONGPASS invalid username-password pair or user is disabled." : "")) {
            assertThat(ask(redis, Duration.ofSeconds(10))).isInstanceOf(Answer.Hopeless.class);

            assertThat(redis.asked).doesNotContain("SCRIPT KILL");
        }
    }

    @Test
    void namesAServerThatDoesNotAnswerAtAll() throws IOException {
        try (var nobody = new ClosedPort()) {
            var endpoint = ServiceEndpoint.onLoopback(nobody.number());

            assertThat(ask(endpoint, Duration.ofSeconds(10)))
                    .isEqualTo(Answer.notYet("PING as default@%s/0: Connection refused".formatted(endpoint)));
        }
    }
}
