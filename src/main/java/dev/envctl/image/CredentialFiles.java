package dev.envctl.image;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.process.Command;
import dev.envctl.process.Finished;
import dev.envctl.process.Programs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The credentials that {@code podman login} and {@code docker login} stored: containers-auth.json(5) and Docker's
 * config.json, with the credential programs they name.
 */
final class CredentialFiles {
    private static final Duration PROGRAM_LIMIT = Duration.ofSeconds(10);
    /** The user name by which a credential program says that its secret is an identity token. */
    private static final String TOKEN_USER = "<token>";

    private final List<Path> files;
    private final Programs programs;

    /**
     * @param environment the process environment
     * @param home the user's home directory
     */
    CredentialFiles(Map<String, String> environment, Path home, Programs programs) {
        this.files = candidates(environment, home);
        this.programs = programs;
    }

    private static List<Path> candidates(Map<String, String> environment, Path home) {
        var files = new ArrayList<Path>();
        directory(environment, "REGISTRY_AUTH_FILE").ifPresent(files::add);
        directory(environment, "XDG_RUNTIME_DIR").ifPresent(run -> files.add(run.resolve("containers/auth.json")));
        files.add(directory(environment, "XDG_CONFIG_HOME")
                .orElse(home.resolve(".config"))
                .resolve("containers/auth.json"));
        files.add(directory(environment, "DOCKER_CONFIG")
                .orElse(home.resolve(".docker"))
                .resolve("config.json"));
        return List.copyOf(files);
    }

    private static Optional<Path> directory(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(name))
                .filter(value -> !value.isBlank())
                .map(Path::of);
    }

    /**
     * The first credentials for a repository, in the order in which Podman looks; none means anonymous.
     *
     * @param note told when a credential program does not work: public images need none
     */
    Optional<Credentials> find(Repository repository, Consumer<String> note) {
        for (var file : files) {
            if (Files.isRegularFile(file)) {
                var found = find(repository, file, note);
                if (found.isPresent()) {
                    return found;
                }
            }
        }
        return Optional.empty();
    }

    private Optional<Credentials> find(Repository repository, Path file, Consumer<String> note) {
        try {
            var json = JsonParser.parseString(Files.readString(file)).getAsJsonObject();
            var program = program(json, repository);
            if (program.isPresent()) {
                return ask("docker-credential-" + program.get(), repository, note);
            }
            return entries(json, "auths").entrySet().stream()
                    .filter(entry -> covers(key(entry.getKey()), repository))
                    .max(Comparator.comparingInt(entry -> entry.getKey().length()))
                    .flatMap(entry -> stored(entry.getValue().getAsJsonObject(), file));
        } catch (IOException e) {
            throw StoredFile.cannot("read", file, e);
        } catch (JsonParseException | IllegalStateException | IllegalArgumentException | ClassCastException e) {
            // The message of the cause would quote the file, and so perhaps a secret.
            throw new EnvctlException(
                    FailureKind.USAGE,
                    "%s does not hold credentials as `podman login` or `docker login` store them.".formatted(file),
                    "Log in again, or remove the file.");
        }
    }

    private static Optional<String> program(JsonObject json, Repository repository) {
        for (var entry : entries(json, "credHelpers").entrySet()) {
            if (covers(key(entry.getKey()), repository)) {
                return Optional.of(entry.getValue().getAsString());
            }
        }
        return json.has("credsStore")
                ? Optional.of(json.get("credsStore").getAsString()).filter(name -> !name.isBlank())
                : Optional.empty();
    }

    private static Map<String, JsonElement> entries(JsonObject json, String name) {
        return json.has(name) ? json.getAsJsonObject(name).asMap() : Map.of();
    }

    /** Docker writes {@code https://index.docker.io/v1/} where Podman writes {@code docker.io}. */
    private static String key(String written) {
        var key = written.replaceFirst("^https?://", "").replaceFirst("/v[12]/?$", "");
        key = key.replaceFirst("/$", "");
        return key.equals("index.docker.io") || key.equals("registry-1.docker.io") ? "docker.io" : key;
    }

    private static boolean covers(String key, Repository repository) {
        return (repository + "/").startsWith(key + "/");
    }

    private static Optional<Credentials> stored(JsonObject entry, Path file) {
        var pair = entry.has("auth") ? entry.get("auth").getAsString() : "";
        var text = new String(Base64.getDecoder().decode(pair.strip()), StandardCharsets.UTF_8);
        var colon = text.indexOf(':');
        if (entry.has("identitytoken")) {
            var user = colon < 0 ? TOKEN_USER : text.substring(0, colon);
            return Optional.of(new Credentials(user, entry.get("identitytoken").getAsString(), true, file.toString()));
        }
        if (colon < 0) {
            return Optional.empty();
        }
        // Docker pads stored passwords with NUL characters.
        var secret = text.substring(colon + 1).replaceAll("\0+$", "");
        return Optional.of(new Credentials(text.substring(0, colon), secret, false, file.toString()));
    }

    private Optional<Credentials> ask(String program, Repository repository, Consumer<String> note) {
        var server = repository.onDockerHub() ? "https://index.docker.io/v1/" : repository.host();
        Finished finished;
        try {
            finished = programs.run(Command.of(program, "get").reading(server).timeout(PROGRAM_LIMIT));
        } catch (EnvctlException e) {
            if (e.kind() == FailureKind.INTERRUPTED) {
                throw e;
            }
            note.accept("Asking %s without credentials: %s".formatted(repository.host(), e.problem()));
            return Optional.empty();
        }
        if (!finished.succeeded()) {
            // The protocol's way to say that there are none, github.com/docker/docker-credential-helpers.
            if (!finished.stdout().contains("credentials not found")) {
                note.accept("Asking %s without credentials: `%s get` ended with exit code %d."
                        .formatted(repository.host(), program, finished.exitCode()));
            }
            return Optional.empty();
        }
        var answer = JsonParser.parseString(finished.stdout()).getAsJsonObject();
        var user = answer.get("Username").getAsString();
        var secret = answer.get("Secret").getAsString();
        return Optional.of(new Credentials(user, secret, user.equals(TOKEN_USER), program));
    }
}
