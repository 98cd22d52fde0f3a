package dev.envctl.primary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.envctl.CacheDirectory;
import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.Progress;
import dev.envctl.engine.EngineFinder;
import dev.envctl.environment.EnvironmentDirectory;
import dev.envctl.environment.Tools;
import dev.envctl.image.Images;
import dev.envctl.kubernetes.HttpKubernetesApi;
import dev.envctl.machine.Machine;
import dev.envctl.process.Command;
import dev.envctl.process.LeftoverPrograms;
import dev.envctl.process.SystemPrograms;
import dev.envctl.readiness.Wait;
import dev.envctl.spec.Inputs;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class FollowerTest {
    @TempDir
    private Path folder = Path.of("");

    private Tools tools() {
        var programs = new SystemPrograms();
        var cache = new CacheDirectory(folder.resolve("cache"));
        return new Tools(
                Machine.here(),
                programs,
                new LeftoverPrograms(),
                new Wait(),
                new EngineFinder(programs, new Wait(), Map.of()),
                HttpKubernetesApi::new,
                new Images(cache, folder.resolve("build"), programs, Map.of(), folder),
                cache,
                new SecureRandom());
    }

    private static Command ending(int exitCode) {
        return Command.of("sh", "-c", "echo last words; exit " + exitCode);
    }

    private static Starting starting(Supplier<Command> command, Runnable inVain) {
        return new Starting() {
            @Override
            public Command command() {
                return command.get();
            }

            @Override
            public void inVain() {
                inVain.run();
            }
        };
    }

    /** As when what a killed primary left is still being removed at that moment. */
    @Test
    void startsAgainWhereSomebodyElseHadTheLock() {
        var commands = new ArrayDeque<>(List.of(ending(Primary.SOMEBODY_ELSE_IS), ending(9)));
        var inVain = new AtomicInteger();
        try (var follower = new Follower(EnvironmentDirectory.of(folder, "e2e"), tools(), Progress.SILENT)) {
            var failure = catchThrowableOfType(
                    EnvctlException.class,
                    () -> follower.findOrStart(starting(commands::remove, inVain::incrementAndGet)));

            assertThat(failure.problem()).isEqualTo("The primary ended at once with exit code 9.");
            assertThat(failure.details()).contains("last words");
        }
        assertThat(commands).isEmpty();
        assertThat(inVain).hasValue(1);
    }

    private PrimaryRecord recordOf(EnvironmentDirectory directory, String api) {
        directory.create();
        var record = new PrimaryRecord(
                4711, api, "token", "", "", Map.of(), Inputs.unknown(), PrimaryRecord.lockOf(directory.lock()));
        record.write(directory.primary());
        return record;
    }

    /** As on a machine that does too much else. */
    @Test
    void followsAgainWhereTheConnectionBreaksAndTellsNothingTwice() throws IOException {
        var connections = new AtomicInteger();
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/status", exchange -> answer(exchange, "{\"state\":\"creating\"}"));
        server.createContext("/v1/events", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            var said = List.of(
                    new Message.Event(new Progress.Note("one")),
                    new Message.Event(new Progress.Note("two")),
                    new Message.Changed(State.FAILED),
                    new Message.Failed(new EnvctlException(FailureKind.IMAGE, "No image.", "")));
            for (var message : said) {
                exchange.getResponseBody().write((message.json() + "\n").getBytes(StandardCharsets.UTF_8));
                exchange.getResponseBody().flush();
                if (message.equals(said.get(0)) && connections.incrementAndGet() < 4) {
                    throw new IOException("reset");
                }
            }
            exchange.close();
        });
        server.start();
        var directory = EnvironmentDirectory.of(folder, "e2e");
        directory.create();
        var heard = new ArrayList<Progress.Event>();
        try (var holder = LockHolder.of(directory.lock(), "primary");
                var follower = new Follower(directory, tools(), heard::add)) {
            var record = recordOf(
                    directory, "http://127.0.0.1:" + server.getAddress().getPort());
            var failure = catchThrowableOfType(EnvctlException.class, () -> follower.awaitReady(record));

            assertThat(failure.problem()).isEqualTo("No image.");
            assertThat(heard).containsExactly(new Progress.Note("one"), new Progress.Note("two"));
            assertThat(connections).hasValue(4);
            holder.kill();
        } finally {
            server.stop(0);
        }
    }

    /** As while what a killed primary left is being removed. */
    @Test
    void findsThatThereIsNoneOnceWhoHoldsTheLockHasEnded() throws Exception {
        var directory = EnvironmentDirectory.of(folder, "e2e");
        directory.create();
        var reasons = new LinkedBlockingQueue<String>();
        try (var holder = LockHolder.of(directory.lock(), "primary");
                var follower = new Follower(directory, tools(), waitingTo(reasons))) {
            var finding = new FutureTask<>(follower::find);
            new Thread(finding).start();
            assertThat(reasons.poll(20, TimeUnit.SECONDS)).startsWith("the environment is being removed");
            assertThat(finding).isNotDone();

            holder.kill();

            assertThat(finding.get(20, TimeUnit.SECONDS)).isEmpty();
        }
    }

    @Test
    void findsAPrimaryThatStays() throws Exception {
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/status", exchange -> answer(exchange, "{\"state\":\"creating\"}"));
        server.start();
        var directory = EnvironmentDirectory.of(folder, "e2e");
        directory.create();
        try (var holder = LockHolder.of(directory.lock(), "primary");
                var follower = new Follower(directory, tools(), Progress.SILENT)) {
            var record = recordOf(
                    directory, "http://127.0.0.1:" + server.getAddress().getPort());

            assertThat(follower.find()).contains(new Follower.Found(record, false));
            holder.kill();
        } finally {
            server.stop(0);
        }
    }

    private static Progress waitingTo(Queue<String> reasons) {
        return event -> {
            if (event instanceof Progress.Waiting waiting) {
                reasons.add(waiting.reason());
            }
        };
    }

    private static void answer(HttpExchange exchange, String json) throws IOException {
        var bytes = json.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Test
    void saysWhichPrimaryHangsAndHowToEndIt() throws Exception {
        var directory = EnvironmentDirectory.of(folder, "e2e");
        directory.create();
        var reasons = new LinkedBlockingQueue<String>();
        try (var holder = LockHolder.of(directory.lock(), "primary");
                var follower = new Follower(directory, tools(), waitingTo(reasons))) {
            recordOf(directory, "http://127.0.0.1:1");
            var finding = new FutureTask<>(() -> catchThrowableOfType(
                    EnvctlException.class, () -> follower.findOrStart(starting(() -> ending(1), () -> {}))));
            var thread = new Thread(finding);
            thread.start();

            assertThat(reasons.poll(20, TimeUnit.SECONDS))
                    .isEqualTo("its primary (pid 4711) does not answer; if it hangs, end it with `kill -9 4711`");
            thread.interrupt();
            assertThat(finding.get().kind()).isEqualTo(FailureKind.INTERRUPTED);
            holder.kill();
        }
    }
}
