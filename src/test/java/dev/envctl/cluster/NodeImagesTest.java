package dev.envctl.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.engine.Execution;
import dev.envctl.engine.FakeEngine;
import dev.envctl.readiness.Deadline;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

final class NodeImagesTest {
    private final FakeEngine engine = new FakeEngine();
    private final NodeImages images = new NodeImages(engine);
    private final Deadline soon = Deadline.in(Duration.ofSeconds(10));

    private static String captured() throws IOException {
        try (var stream = NodeImagesTest.class.getResourceAsStream("crictl-1.34.0/images.json")) {
            return new String(Objects.requireNonNull(stream).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void readsWhatTheCriKnowsByDigest() throws IOException {
        var text = captured();
        engine.executes((node, command) -> new Execution(0, text));

        assertThat(images.known("node", soon))
                .hasSize(2)
                .containsEntry(
                        "localhost/envctl/redis@sha256:7238fae04ddb04a44c3be450e0a4a91925e701fe0751bca1f6c5678b58a7d42a",
                        "sha256:3730795020d88a607f7c90f96e6db3bc8a8069fc22fe9f54238ef4624e6f2a9b");
    }

    @Test
    void importsAllOfANodesImagesWithOneQuestionToTheEngine() {
        engine.executes((node, command) -> new Execution(0, ""));

        images.deliver(
                "node",
                List.of(
                        new Delivery("/a.tar", "example.org/a", "example.org/a@sha256:1"),
                        new Delivery("/b.tar", "b", "b@2")),
                soon);

        assertThat(engine.executed)
                .singleElement()
                .satisfies(command -> assertThat(command.subList(3, command.size()))
                        .containsExactly(
                                "deliver", "/a.tar", "example.org/a", "example.org/a@sha256:1", "/b.tar", "b", "b@2"));
    }

    @Test
    void quotesContainerdWhereAnImportFails() {
        engine.executes((node, command) -> new Execution(1, "ctr: unexpected EOF\nimporting a@1 failed\n"));

        var failure = catchThrowableOfType(
                EnvctlException.class, () -> images.deliver("node", List.of(new Delivery("/a.tar", "a", "a@1")), soon));

        assertThat(failure.kind()).isEqualTo(FailureKind.FAILED);
        assertThat(failure.details()).containsExactly("ctr: unexpected EOF", "importing a@1 failed");
    }

    @Test
    void aNodeWithoutCrictlIsNamedAndNotTakenForAnEmptyOne() {
        engine.executes((node, command) -> new Execution(127, "sh: 1: crictl: not found\n"));

        var failure = catchThrowableOfType(EnvctlException.class, () -> images.known("node-7", soon));

        assertThat(failure.problem()).contains("node-7", "127");
        assertThat(failure.details()).containsExactly("sh: 1: crictl: not found");
    }

    @Test
    void anAnswerThatIsNoListOfImagesIsAFailure() {
        engine.executes((node, command) -> new Execution(0, "{\"pictures\": []}"));

        assertThat(catchThrowableOfType(EnvctlException.class, () -> images.known("node", soon))
                        .problem())
                .contains("did not say which images there are");
    }
}
