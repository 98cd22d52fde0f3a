package dev.envctl.primary;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.primary.Locks.Held;
import dev.envctl.primary.Locks.Mode;
import dev.envctl.primary.Locks.Party;
import dev.envctl.primary.Locks.Standing;
import dev.envctl.readiness.Deadline;
import dev.envctl.spec.Durations;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Named locks, for workers too.
 *
 * <ul>
 *   <li>{@code POST /v1/locks/NAME}: takes it; the answer is a line {@code {state: waiting, position, holders}} for each
 *       change of these, then {@code {state: held}}, and goes on until the client closes the connection, which gives the
 *       lock back. It ends with {@code {state: timeout, holders}} or {@code {state: over, reason}}. Empty lines in between
 *       find out whether the client is there. The body may have {@code mode}, {@code timeout} and {@code holder}
 *   <li>{@code GET /v1/locks}: {@code {locks: [{name, holders, waiters}]}}, each of these {@code {holder, by, mode, since}}
 * </ul>
 */
final class LockRoutes {
    private static final Duration HEARTBEAT = Duration.ofSeconds(1);
    /** Where somebody waits for what a dead process holds. */
    private static final Duration QUICK_HEARTBEAT = Duration.ofMillis(200);

    private static final Duration FOR_EVER = Duration.ofDays(365);
    private static final String OWN = "envctl.";
    private static final String CLAIM = OWN + "worker-";
    private static final Set<String> KEYS = Set.of("mode", "timeout", "holder");

    private final Locks locks;

    LockRoutes(Locks locks) {
        this.locks = locks;
    }

    List<Route> routes() {
        return List.of(
                Route.ofWorkers("GET", "/v1/locks", call -> call.answer(200, list())),
                Route.ofWorkers("POST", "/v1/locks/{name}", this::take));
    }

    JsonObject list() {
        var all = new JsonArray();
        locks.list().forEach(held -> all.add(json(held)));
        var json = new JsonObject();
        json.add("locks", all);
        return json;
    }

    private void take(Call call) throws IOException {
        var name = call.parameter("name");
        if (call.caller() instanceof Caller.Worker worker && isReserved(name, worker.worker())) {
            call.refuse(
                    403,
                    new EnvctlException(
                            FailureKind.NOT_OWNER,
                            "Locks that begin with `%s` are envctl's own; a worker may take `%s%d`."
                                    .formatted(OWN, CLAIM, worker.worker()),
                            "Choose another name."));
            return;
        }
        var body = call.json();
        refuseUnknown(body);
        var mode = mode(text(body, "mode"));
        var deadline = Deadline.in(timeout(text(body, "timeout")));
        try (var request = locks.ask(name, mode, text(body, "holder"), by(call.caller()))) {
            follow(request, deadline, call.stream());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What says who uses a lease is for the worker that has it; the others are for the owner. */
    private static boolean isReserved(String name, int worker) {
        return name.startsWith(OWN) && !name.equals(CLAIM + worker);
    }

    private static void follow(Locks.Request request, Deadline deadline, OutputStream out)
            throws IOException, InterruptedException {
        var standing = request.standing();
        write(out, json(standing));
        while (!(standing instanceof Standing.Over)) {
            if (standing instanceof Standing.Waiting waiting && deadline.passed()) {
                var json = new JsonObject();
                json.addProperty("state", "timeout");
                json.add("holders", parties(waiting.holders()));
                write(out, json);
                return;
            }
            var next = request.await(standing, pause(standing, deadline));
            if (next.equals(standing) || (next instanceof Standing.Holding && standing instanceof Standing.Holding)) {
                beat(out);
            } else {
                write(out, json(next));
            }
            standing = next;
        }
    }

    private static Duration pause(Standing standing, Deadline deadline) {
        if (standing instanceof Standing.Holding holding) {
            return holding.wanted() ? QUICK_HEARTBEAT : HEARTBEAT;
        }
        return deadline.atMost(HEARTBEAT).remaining();
    }

    private static void write(OutputStream out, JsonObject json) throws IOException {
        out.write((json + "\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    /** The first line to a client that has died is taken by the kernel and answered with a reset; the second one fails. */
    private static void beat(OutputStream out) throws IOException {
        for (var line = 0; line < 2; line++) {
            out.write('\n');
            out.flush();
        }
    }

    private static JsonObject json(Standing standing) {
        var json = new JsonObject();
        if (standing instanceof Standing.Waiting waiting) {
            json.addProperty("state", "waiting");
            json.addProperty("position", waiting.position());
            json.add("holders", parties(waiting.holders()));
        } else if (standing instanceof Standing.Over ended) {
            json.addProperty("state", "over");
            json.addProperty("reason", ended.reason());
        } else {
            json.addProperty("state", "held");
        }
        return json;
    }

    private static JsonObject json(Held held) {
        var json = new JsonObject();
        json.addProperty("name", held.name());
        json.add("holders", parties(held.holders()));
        json.add("waiters", parties(held.waiters()));
        return json;
    }

    private static JsonArray parties(List<Party> parties) {
        var all = new JsonArray();
        for (var party : parties) {
            var json = new JsonObject();
            json.addProperty("holder", party.who());
            json.addProperty("by", party.by());
            json.addProperty("mode", party.mode().word());
            json.addProperty("since", party.since().toString());
            all.add(json);
        }
        return all;
    }

    private static String by(Caller caller) {
        return caller instanceof Caller.Worker worker ? "worker " + worker.worker() : Locks.OWNER;
    }

    private static void refuseUnknown(JsonObject body) {
        body.keySet().stream().filter(key -> !KEYS.contains(key)).findFirst().ifPresent(key -> {
            throw wrong("The body has an unknown member `%s`.".formatted(key), "Use mode, timeout and holder.");
        });
    }

    private static Mode mode(String word) {
        return switch (word.toLowerCase(Locale.ROOT)) {
            case "", "exclusive" -> Mode.EXCLUSIVE;
            case "shared" -> Mode.SHARED;
            default -> throw wrong("There is no mode `%s`.".formatted(word), "Use exclusive or shared.");
        };
    }

    private static Duration timeout(String text) {
        try {
            return text.isEmpty() ? FOR_EVER : Durations.parse(text);
        } catch (IllegalArgumentException e) {
            throw wrong("timeout: " + e.getMessage(), "");
        }
    }

    private static String text(JsonObject body, String name) {
        JsonElement value = body.get(name);
        if (value == null) {
            return "";
        }
        if (!value.isJsonPrimitive() || !value.getAsJsonPrimitive().isString()) {
            throw wrong("`%s` is not a text.".formatted(name), "");
        }
        return value.getAsString();
    }

    private static EnvctlException wrong(String problem, String remedy) {
        return new EnvctlException(FailureKind.USAGE, problem, remedy);
    }
}
