package dev.envctl.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.envctl.spec.Durations;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.stream.StreamSupport;

/** What the primary says of an environment that is ready, as text: the use of services and memory, leases, locks. */
final class DetailsText {
    private static final double MEBIBYTE = 1 << 20;

    private final JsonObject details;
    private final Instant now;

    DetailsText(JsonObject details, Instant now) {
        this.details = details;
        this.now = now;
    }

    String text() {
        return services() + leases() + locks();
    }

    private String services() {
        var table = new Table();
        if (details.has("postgres")) {
            var postgres = details.getAsJsonObject("postgres");
            table.row(
                    "connections",
                    known(postgres, "%s of %s".formatted(text(postgres, "connections"), text(postgres, "limit"))));
        }
        if (details.has("redis")) {
            var redis = details.getAsJsonObject("redis");
            table.row("Redis", known(redis, redis(redis)));
        }
        for (var memory : objects("memory")) {
            table.row("memory", "%s: %s".formatted(text(memory, "of"), known(memory, amount(memory, "used"))));
        }
        return table.text();
    }

    private static String redis(JsonObject redis) {
        var text = "%s clients, %s".formatted(text(redis, "clients"), amount(redis, "memory"));
        var leak = redis.has("leak") ? redis.getAsJsonObject("leak") : new JsonObject();
        if (text(leak, "keys").isEmpty() || text(leak, "keys").equals("0")) {
            return text;
        }
        var some = new StringJoiner(", ");
        leak.getAsJsonArray("some").forEach(key -> some.add(key.getAsString().replaceAll("\\p{C}", "?")));
        return "%s; LEAK: index 0 is reserved and holds %s keys: %s".formatted(text, text(leak, "keys"), some);
    }

    private static String amount(JsonObject json, String used) {
        if (!json.has(used)) {
            return "";
        }
        var bytes = json.get(used).getAsLong();
        return json.has("limit")
                ? String.format(
                        Locale.ROOT,
                        "%.0f of %.0f MiB",
                        bytes / MEBIBYTE,
                        json.get("limit").getAsLong() / MEBIBYTE)
                : String.format(Locale.ROOT, "%.0f MiB", bytes / MEBIBYTE);
    }

    private String leases() {
        var leases = objects("leases");
        if (leases.isEmpty()) {
            return "";
        }
        var table = new Table().row("WORKER", "LEASE", "HOLDER", "AGE", "CONNECTIONS", "REDIS CLIENTS", "REDIS KEYS");
        for (var lease : leases) {
            var worker = text(lease, "worker");
            table.row(
                    worker,
                    text(lease, "state"),
                    orDash(text(lease, "holder")),
                    age(lease),
                    of(worker, "postgres")
                            .map(role -> "%s of %s".formatted(text(role, "connections"), text(role, "limit")))
                            .orElse("-"),
                    of(worker, "redis").map(user -> text(user, "clients")).orElse("-"),
                    of(worker, "redis").map(user -> text(user, "keys")).orElse("-"));
        }
        return table.text();
    }

    /** What a service says of a worker. */
    private Optional<JsonObject> of(String worker, String service) {
        return details.has(service)
                ? objects(details.getAsJsonObject(service), "workers").stream()
                        .filter(one -> text(one, "worker").equals(worker))
                        .findFirst()
                : Optional.empty();
    }

    private String locks() {
        var locks = objects("locks");
        if (locks.isEmpty()) {
            return "";
        }
        var table = new Table().row("LOCK", "", "WHO", "BY", "MODE", "FOR");
        for (var lock : locks) {
            objects(lock, "holders").forEach(party -> row(table, text(lock, "name"), "held", party));
            objects(lock, "waiters").forEach(party -> row(table, text(lock, "name"), "waits", party));
        }
        return table.text();
    }

    private void row(Table table, String name, String standing, JsonObject party) {
        table.row(name, standing, orDash(text(party, "holder")), text(party, "by"), text(party, "mode"), age(party));
    }

    private String age(JsonObject json) {
        var since = text(json, "since");
        if (since.isEmpty()) {
            return "-";
        }
        var age = Duration.between(Instant.parse(since), now);
        return Durations.format(age.isNegative() ? Duration.ZERO : age);
    }

    private static String known(JsonObject json, String text) {
        return json.has("unknown") ? "unknown: " + text(json, "unknown") : text;
    }

    private static String orDash(String text) {
        return text.isEmpty() ? "-" : text;
    }

    private static String text(JsonObject json, String name) {
        return json.has(name) ? json.get(name).getAsString() : "";
    }

    private List<JsonObject> objects(String name) {
        return objects(details, name);
    }

    private static List<JsonObject> objects(JsonObject json, String name) {
        var array = json.has(name) ? json.getAsJsonArray(name) : new JsonArray();
        return StreamSupport.stream(array.spliterator(), false)
                .map(element -> element.getAsJsonObject())
                .toList();
    }
}
