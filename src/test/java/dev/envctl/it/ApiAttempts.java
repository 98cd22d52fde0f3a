package dev.envctl.it;

import dev.envctl.it.Attempt.Misfired;
import dev.envctl.it.Attempt.Outcome;
import dev.envctl.it.Attempt.Refused;
import dev.envctl.it.Attempt.Succeeded;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Against the primary's API and against the environment's life, with what worker 1 knows. */
final class ApiAttempts {
    /** What only the owner may do: a worker's token must not do for any of it. */
    private static final List<String> OWNERS = List.of("GET /v1/status", "GET /v1/events", "POST /v1/down");

    /** Without a token, nothing may be asked. */
    private static final List<String> NOBODYS = List.of("GET /", "GET /v1", "GET /v1/leases", "DELETE /v1/status");

    private static final List<String> COMMANDS =
            List.of("down", "down -e hostile", "up --recreate", "up --recreate --progress plain");

    private final Project project;
    private final String api;
    private final Map<String, String> lease;

    /** @param lease the variables of worker 1 */
    ApiAttempts(Project project, String api, Map<String, String> lease) {
        this.project = project;
        this.api = api;
        this.lease = lease;
    }

    List<Attempt> all() {
        var attempts = new ArrayList<Attempt>();
        tokens().forEach((name, token) -> {
            OWNERS.forEach(route -> attempts.add(request(route, name, token)));
            if (!name.startsWith("its own")) {
                NOBODYS.forEach(route -> attempts.add(request(route, name, token)));
            }
        });
        COMMANDS.forEach(command -> attempts.add(new Attempt("envctl " + command, () -> run(command))));
        return attempts;
    }

    /** The header's value by what it is; empty for none. */
    private Map<String, String> tokens() {
        var tokens = new LinkedHashMap<String, String>();
        tokens.put("no token", "");
        tokens.put("an empty token", "Bearer ");
        tokens.put("a wrong token", "Bearer 0123456789abcdef0123456789abcdef");
        tokens.put("the password of its database", "Bearer " + lease.getOrDefault("PGPASSWORD", ""));
        tokens.put("its test id", "Basic " + lease.getOrDefault("ENVCTL_TEST_ID", ""));
        var own = lease.getOrDefault("ENVCTL_TOKEN", "");
        if (!own.isEmpty()) {
            tokens.put("its own token", "Bearer " + own);
        }
        return tokens;
    }

    private Attempt request(String route, String name, String token) {
        return new Attempt("API: %s with %s".formatted(route, name), () -> ask(route, token));
    }

    private Outcome ask(String route, String token) throws IOException, InterruptedException {
        var parts = route.split(" ", -1);
        var request = HttpRequest.newBuilder(URI.create(api + parts[1])).timeout(Duration.ofSeconds(10));
        if (!token.isEmpty()) {
            request.header("Authorization", token);
        }
        var response = HttpClient.newHttpClient()
                .send(
                        request.method(parts[0], HttpRequest.BodyPublishers.noBody())
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        var answer = response.statusCode() + " " + response.body().strip();
        if (response.statusCode() == 401 || response.statusCode() == 403) {
            return new Refused(answer);
        }
        return response.statusCode() < 300 ? new Succeeded(answer) : new Misfired(answer);
    }

    private Outcome run(String command) {
        var ran = project.bash("set -a; . .envctl/hostile/workers/1.env; exec \"$ENVCTL\" " + command);
        return switch (ran.exitCode()) {
            case 6 -> new Refused(ran.stderr());
            case 0 -> new Succeeded(ran.all());
            default -> new Misfired(ran.all());
        };
    }
}
