package dev.envctl.primary;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What only the owner may ask for.
 *
 * <ul>
 *   <li>{@code GET /v1/status}: {@code {state, name, pid, phases: [{name, since, reason}]}}, the phases that run now
 *   <li>{@code GET /v1/events}: everything since the start and then live, one JSON object a line, until the primary ends
 *   <li>{@code POST /v1/down}: begins the teardown; 202. The body, if any, is the reason, plain text
 * </ul>
 */
final class OwnerRoutes {
    private static final Duration HEARTBEAT = Duration.ofSeconds(5);
    private static final int LONGEST_REASON = 200;

    private final EventLog events;
    private final Supplier<JsonObject> status;
    private final Consumer<String> down;

    /** @param down told why the teardown was asked for */
    OwnerRoutes(EventLog events, Supplier<JsonObject> status, Consumer<String> down) {
        this.events = events;
        this.status = status;
        this.down = down;
    }

    List<Route> routes() {
        return List.of(
                Route.ofOwner("GET", "/v1/status", call -> call.answer(200, status.get())),
                Route.ofOwner("GET", "/v1/events", this::stream),
                Route.ofOwner("POST", "/v1/down", this::down));
    }

    private void down(Call call) throws IOException {
        var reason = call.text().strip();
        down.accept(
                reason.isEmpty()
                        ? "asked over the API"
                        : reason.substring(0, Math.min(LONGEST_REASON, reason.length())));
        call.answer(202);
    }

    private void stream(Call call) throws IOException {
        var body = call.stream();
        var sent = 0;
        try {
            while (true) {
                var news = events.from(sent, HEARTBEAT);
                for (var message : news) {
                    body.write((message.json() + "\n").getBytes(StandardCharsets.UTF_8));
                }
                sent += news.size();
                if (news.isEmpty()) {
                    if (events.ended()) {
                        return;
                    }
                    // An empty line finds out whether the client is still there.
                    body.write('\n');
                }
                body.flush();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
