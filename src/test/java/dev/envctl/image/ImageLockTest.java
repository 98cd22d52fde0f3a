package dev.envctl.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ImageLockTest {
    private static final Path FILE = Path.of("images.lock");
    private static final String DIGEST = "sha256:" + "0".repeat(64);
    private static final String ENTRY = """
            images:
              - name: redis
                repository: docker.io/library/redis
                tag: "8"
                digest: %s
            """.formatted(DIGEST);

    @Test
    void theCommittedFileIsAsItWouldBeWritten() throws IOException {
        var committed = Files.readString(FILE);

        var images = ImageLock.read(FILE).images();

        assertThat(new String(ImageLock.text(images), java.nio.charset.StandardCharsets.UTF_8))
                .isEqualTo(committed);
    }

    @Test
    void whatIsWrittenIsReadBack() {
        var image = new PinnedImage(
                "redis",
                "docker.io/library/redis",
                "8",
                new Digest(DIGEST),
                Map.of(
                        new Platform("linux", "amd64"), new PlatformImage(new Digest(DIGEST), 12_000_000_000L),
                        new Platform("linux", "arm64"), new PlatformImage(new Digest(DIGEST), 1)),
                "redis");

        var text = new String(ImageLock.text(java.util.List.of(image)), java.nio.charset.StandardCharsets.UTF_8);

        assertThat(ImageLock.parse(FILE, text).images()).containsExactly(image);
    }

    @Test
    void anUnknownImageNamesTheOneThatWasMeantAndTheCommandThatLocksIt() {
        var lock = ImageLock.parse(FILE, ENTRY);

        var failure = catchThrowableOfType(EnvctlException.class, () -> lock.image("rediss"));

        assertThat(failure.kind()).isEqualTo(FailureKind.IMAGE);
        assertThat(failure.remedy()).contains("`redis`").contains("envctl images lock rediss=");
    }

    @Test
    void anUnknownKeyIsAnErrorWithItsPlace() {
        assertThat(problem(ENTRY.replace("tag:", "tagg:"))).contains("images.lock:4:5", "did you mean `tag`?");
    }

    @Test
    void aRepeatedKeyIsAnErrorWithItsPlace() {
        assertThat(problem(ENTRY + "    tag: \"9\"\n")).contains("images.lock:6:5", "`tag` is there twice");
    }

    @Test
    void aMissingKeyIsAnError() {
        assertThat(problem(ENTRY.replaceFirst("(?m)^ +digest.*\n", ""))).contains("`digest` is missing");
    }

    @Test
    void aRepositoryMustBeFullyQualified() {
        assertThat(problem(ENTRY.replace("docker.io/library/redis", "redis")))
                .contains("write `docker.io/library/redis`");
    }

    @Test
    void theSameImageTwiceIsAnError() {
        assertThat(problem(ENTRY + ENTRY.substring(ENTRY.indexOf('\n') + 1))).contains("`redis` is there twice");
    }

    @Test
    void whatOneMachineBuiltMustNotBeCommitted() {
        assertThat(problem(ENTRY + "    recipe: abc\n")).contains("never in a committed one");
    }

    @Test
    void textThatIsNoYamlIsAnErrorWithItsPlace() {
        assertThat(problem("images: [")).startsWith("images.lock:");
    }

    private static String problem(String text) {
        var failure = catchThrowableOfType(EnvctlException.class, () -> ImageLock.parse(FILE, text));
        assertThat(failure.kind()).isEqualTo(FailureKind.USAGE);
        return failure.problem();
    }
}
