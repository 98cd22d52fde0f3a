package dev.envctl.environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.engine.Execution;
import dev.envctl.engine.FakeEngine;
import dev.envctl.environment.ImageProof.Wanted;
import dev.envctl.readiness.Deadline;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ImageProofTest {
    private static final Wanted APP = new Wanted("app", "example.org/app@sha256:aa", "sha256:11");

    private final FakeEngine engine = new FakeEngine();

    /** What two nodes have: the first all of it, the second this. */
    private List<PlacedImage> proof(String second) {
        engine.executes((node, command) ->
                new Execution(0, node.equals("one") ? holding("example.org/app@sha256:aa", "sha256:11") : second));
        return new ImageProof(engine).inNodes(List.of("one", "two"), List.of(APP), Deadline.in(Duration.ofSeconds(10)));
    }

    private static String holding(String reference, String id) {
        return "{\"images\": [{\"id\": \"%s\", \"repoTags\": [], \"repoDigests\": [\"%s\"]}]}".formatted(id, reference);
    }

    @Test
    void passesWhereEveryNodeHasEveryImage() {
        var rows = proof(holding("example.org/app@sha256:aa", "sha256:11"));

        assertThat(rows).hasSize(2).allMatch(PlacedImage::matches);
        PlacedImage.requireNoDifference(rows, "");
    }

    @Test
    void showsNodeImageWantedAndFoundWhereOneIsMissing() {
        var rows = proof("{\"images\": []}");

        var failure = catchThrowableOfType(
                EnvctlException.class, () -> PlacedImage.requireNoDifference(rows, "make it anew"));

        assertThat(failure.kind()).isEqualTo(FailureKind.IMAGE);
        assertThat(failure.problem()).startsWith("1 of 2 images");
        assertThat(failure.details())
                .containsExactly(
                        "node  image  wanted                     found",
                        "two   app    example.org/app@sha256:aa  nothing");
    }

    @Test
    void showsAnotherDigestOfTheSameRepository() {
        assertThat(proof(holding("example.org/app@sha256:bb", "sha256:22")))
                .extracting(PlacedImage::found)
                .containsExactly("example.org/app@sha256:aa", "example.org/app@sha256:bb");
    }

    @Test
    void aRepositoryThatOnlyBeginsAlikeIsAnother() {
        assertThat(proof(holding("example.org/apples@sha256:aa", "sha256:11"))
                        .get(1)
                        .found())
                .isEqualTo("nothing");
    }

    @Test
    void theRightNameForAnotherImageIsADifference() {
        assertThat(proof(holding("example.org/app@sha256:aa", "sha256:22"))
                        .get(1)
                        .found())
                .isEqualTo("that name for another image, sha256:22");
    }
}
