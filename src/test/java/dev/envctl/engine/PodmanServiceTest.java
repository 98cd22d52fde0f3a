package dev.envctl.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.readiness.Wait;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PodmanServiceTest {
    @TempDir
    Path folder;

    private final List<ServerSocketChannel> listening = new ArrayList<>();

    @AfterEach
    void close() throws IOException {
        for (var channel : listening) {
            channel.close();
        }
    }

    @Test
    void startsPodmanAndReturnsWhenItsSocketAnswers() {
        var programs = FakePrograms.thatRun(command -> listen());
        var service = service(programs);

        service.ensureRunning(new Wait());

        assertThat(PodmanService.answers(socket())).isTrue();
        assertThat(programs.started).containsExactly("podman system service --time 10 unix://" + socket());
    }

    @Test
    void startsNothingWhileItAnswers() {
        var programs = FakePrograms.thatRun(command -> listen());
        var service = service(programs);

        service.ensureRunning(new Wait());
        service.ensureRunning(new Wait());

        assertThat(programs.started).hasSize(1);
    }

    @Test
    void startsItAgainWhenItHasEndedInTheMeantime() throws IOException {
        var programs = FakePrograms.thatRun(command -> listen());
        var service = service(programs);
        service.ensureRunning(new Wait());
        // It ends by itself when nobody asks for a while, and leaves its socket.
        close();

        service.ensureRunning(new Wait());

        assertThat(programs.started).hasSize(2);
    }

    @Test
    void tellsAtOnceWhenPodmanEnds() {
        var failure = catchThrowableOfType(
                EnvctlException.class,
                () -> service(FakePrograms.thatEndWith(125)).ensureRunning(new Wait()));

        assertThat(failure.kind()).isEqualTo(FailureKind.PREREQUISITE);
        assertThat(failure.problem())
                .isEqualTo("`podman system service --time 10 unix://%s` ended with exit code 125.".formatted(socket()));
        assertThat(failure.remedy()).contains(folder.resolve("podman.log").toString(), "podman info");
    }

    @Test
    void endsWhatItStarted() {
        var programs = FakePrograms.thatRun(command -> listen());
        var service = service(programs);
        service.ensureRunning(new Wait());

        service.close();

        assertThat(programs.ended).isEqualTo(1);
        assertThat(socket()).doesNotExist();
    }

    @Test
    void aFileThatIsNoSocketDoesNotAnswer() throws IOException {
        assertThat(PodmanService.answers(Files.createFile(folder.resolve("plain"))))
                .isFalse();
        assertThat(PodmanService.answers(folder.resolve("nothing"))).isFalse();
    }

    private PodmanService service(FakePrograms programs) {
        return new PodmanService(programs, socket(), folder.resolve("podman.log"));
    }

    private Path socket() {
        return folder.resolve("podman.sock");
    }

    private void listen() {
        try {
            var channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            listening.add(channel.bind(UnixDomainSocketAddress.of(socket())));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
