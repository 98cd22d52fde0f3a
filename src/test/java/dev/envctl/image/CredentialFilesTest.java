package dev.envctl.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CredentialFilesTest {
    private static final Repository POSTGRES = Repository.parse("docker.io/library/postgres");

    private final List<String> notes = new ArrayList<>();

    @TempDir
    private Path home;

    @Test
    void withoutFilesEveryoneIsAnonymous() {
        assertThat(find(POSTGRES, new FakePrograms(command -> "1:"))).isEmpty();
    }

    @Test
    void dockersNameForItsOwnRegistryIsUnderstood() throws IOException {
        write(".docker/config.json", auths("https://index.docker.io/v1/", "ada", "one"));

        assertThat(find(POSTGRES)).map(Credentials::secret).hasValue("one");
    }

    @Test
    void podmansFileComesBeforeDockers() throws IOException {
        write(".config/containers/auth.json", auths("docker.io", "ada", "podman"));
        write(".docker/config.json", auths("docker.io", "ada", "docker"));

        assertThat(find(POSTGRES)).map(Credentials::secret).hasValue("podman");
    }

    @Test
    void aFileWithoutTheRegistryLeavesItToTheNext() throws IOException {
        write(".config/containers/auth.json", auths("quay.io", "ada", "podman"));
        write(".docker/config.json", auths("docker.io", "ada", "docker"));

        assertThat(find(POSTGRES)).map(Credentials::secret).hasValue("docker");
    }

    @Test
    void theLongestPathThatCoversTheRepositoryWins() throws IOException {
        write(
                ".config/containers/auth.json",
                "{\"auths\":{%s,%s,%s}}"
                        .formatted(
                                auth("quay.io", "ada", "all"),
                                auth("quay.io/team", "ada", "team"),
                                auth("quay.io/te", "ada", "no")));

        assertThat(find(Repository.parse("quay.io/team/app")))
                .map(Credentials::secret)
                .hasValue("team");
    }

    @Test
    void anIdentityTokenIsKnownAsOne() throws IOException {
        write(
                ".docker/config.json",
                "{\"auths\":{\"quay.io\":{\"auth\":\"%s\",\"identitytoken\":\"token\"}}}".formatted(base64("ada:")));

        assertThat(find(Repository.parse("quay.io/a")))
                .hasValueSatisfying(found -> assertThat(found.identityToken()).isTrue());
    }

    @Test
    void aCredentialProgramIsAskedOnItsStandardInput() throws IOException {
        write(".docker/config.json", "{\"credsStore\":\"desktop\"}");
        var programs = new FakePrograms(command -> "{\"Username\":\"ada\",\"Secret\":\"kept\"}");

        var found = find(POSTGRES, programs);

        assertThat(found).map(Credentials::secret).hasValue("kept");
        assertThat(programs.commands).singleElement().satisfies(command -> {
            assertThat(command.arguments()).containsExactly("docker-credential-desktop", "get");
            assertThat(command.input()).isEqualTo("https://index.docker.io/v1/");
        });
    }

    @Test
    void theProgramForOneRegistryIsNotAskedForOthers() throws IOException {
        write(".docker/config.json", "{\"credHelpers\":{\"quay.io\":\"quay\"}}");

        assertThat(find(POSTGRES, new FakePrograms(command -> "1:must not be asked")))
                .isEmpty();
        assertThat(notes).isEmpty();
    }

    @Test
    void aCredentialProgramThatHasNoneIsNoReasonForANote() throws IOException {
        write(".docker/config.json", "{\"credsStore\":\"desktop\"}");

        assertThat(find(POSTGRES, new FakePrograms(command -> "1:credentials not found in native keychain")))
                .isEmpty();
        assertThat(notes).isEmpty();
    }

    @Test
    void aBrokenCredentialProgramIsToldAndPublicImagesStillWork() throws IOException {
        write(".docker/config.json", "{\"credsStore\":\"desktop\"}");

        assertThat(find(POSTGRES, new FakePrograms(command -> "1:no display"))).isEmpty();
        assertThat(notes).singleElement().asString().contains("docker-credential-desktop", "docker.io");
    }

    @Test
    void aBrokenFileIsNamedAndNotQuoted() throws IOException {
        write(".docker/config.json", "{\"auths\": secret-in-a-broken-file");

        var failure = catchThrowableOfType(EnvctlException.class, () -> find(POSTGRES));

        assertThat(failure.kind()).isEqualTo(FailureKind.USAGE);
        assertThat(failure.problem()).contains("config.json").doesNotContain("secret");
        assertThat(failure).hasNoCause();
    }

    private Optional<Credentials> find(Repository repository) {
        return find(repository, new FakePrograms(command -> "1:"));
    }

    private Optional<Credentials> find(Repository repository, FakePrograms programs) {
        return new CredentialFiles(Map.of(), home, programs).find(repository, notes::add);
    }

    private void write(String name, String content) throws IOException {
        var file = home.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }

    private static String auths(String server, String user, String password) {
        return "{\"auths\":{%s}}".formatted(auth(server, user, password));
    }

    private static String auth(String server, String user, String password) {
        return "\"%s\":{\"auth\":\"%s\"}".formatted(server, base64(user + ":" + password));
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
