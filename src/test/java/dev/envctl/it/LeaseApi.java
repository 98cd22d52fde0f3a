package dev.envctl.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.stream.StreamSupport;

/** The primary's API for leases, asked as docs/api.md shows it. */
final class LeaseApi {
    private static final Duration LIMIT = Duration.ofMinutes(4);

    private final HttpClient http = HttpClient.newHttpClient();
    private final String address;
    private final String token;

    LeaseApi(String address, String token) {
        this.address = address;
        this.token = token;
    }

    static LeaseApi ofOwner(Project project, String name) {
        var record = project.json(project.files(name).resolve("primary.json"));
        return new LeaseApi(record.get("api").getAsString(), record.get("token").getAsString());
    }

    static LeaseApi ofWorker(JsonObject lease) {
        return new LeaseApi(lease.get("api").getAsString(), lease.get("token").getAsString());
    }

    record Answer(int code, JsonObject json) {}

    Answer ask(String method, String path, String body) {
        var request = HttpRequest.newBuilder(URI.create(address + path))
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .header("Authorization", "Bearer " + token)
                .timeout(LIMIT)
                .build();
        try {
            var answer = http.send(request, HttpResponse.BodyHandlers.ofString());
            return new Answer(
                    answer.statusCode(),
                    answer.body().isBlank()
                            ? new JsonObject()
                            : JsonParser.parseString(answer.body()).getAsJsonObject());
        } catch (IOException e) {
            throw new AssertionError(method + " " + path, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    JsonObject acquire(String body) {
        var answer = ask("POST", "/v1/leases", body);
        assertThat(answer.code()).as(answer.toString()).isEqualTo(201);
        return answer.json();
    }

    /** What is listed, but for those that wait for somebody. */
    List<JsonObject> onDemand() {
        return StreamSupport.stream(
                        ask("GET", "/v1/leases", "")
                                .json()
                                .getAsJsonArray("leases")
                                .spliterator(),
                        false)
                .map(lease -> lease.getAsJsonObject())
                .filter(lease -> !List.of("fixed", "ahead", "making")
                        .contains(lease.get("state").getAsString()))
                .toList();
    }
}
