package dev.envctl.environment;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.envctl.environment.Usage.Part;
import dev.envctl.kubernetes.NodeUsage;
import dev.envctl.service.PostgresUsage;
import dev.envctl.service.RedisUsage;
import dev.envctl.service.Services;
import dev.envctl.spec.EnvironmentSpec;
import dev.envctl.spec.Quantity;
import dev.envctl.spec.Resources;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/**
 * The use of an environment as JSON, bytes for memory: {@code postgres: {connections, limit, workers: [{worker,
 * connections, limit}]}}, {@code redis: {clients, memory, limit, workers: [{worker, clients, keys}], leak: {keys, some}}},
 * {@code memory: [{of, used, limit}]}. What cannot be had is {@code {unknown: why}}; a limit that is not known is left out.
 */
public final class UsageView {
    private final EnvironmentSpec spec;

    public UsageView(EnvironmentSpec spec) {
        this.spec = spec;
    }

    public JsonObject json(Usage usage) {
        var json = new JsonObject();
        usage.postgres().ifPresent(part -> json.add("postgres", json(part, UsageView::postgres)));
        usage.redis().ifPresent(part -> json.add("redis", json(part, UsageView::redis)));
        json.add("memory", memory(usage));
        return json;
    }

    private static <T> JsonObject json(Part<T> part, BiConsumer<JsonObject, T> write) {
        var json = new JsonObject();
        part.value()
                .ifPresentOrElse(value -> write.accept(json, value), () -> json.addProperty("unknown", part.unknown()));
        return json;
    }

    private static void postgres(JsonObject json, PostgresUsage usage) {
        json.addProperty("connections", usage.connections());
        json.addProperty("limit", usage.limit());
        var workers = new JsonArray();
        new TreeMap<>(usage.workers()).forEach((index, role) -> {
            var worker = new JsonObject();
            worker.addProperty("worker", index);
            worker.addProperty("connections", role.connections());
            worker.addProperty("limit", role.limit());
            workers.add(worker);
        });
        json.add("workers", workers);
    }

    private static void redis(JsonObject json, RedisUsage usage) {
        json.addProperty(
                "clients",
                usage.clients().values().stream().mapToInt(Integer::intValue).sum());
        json.addProperty("memory", usage.memory());
        if (usage.limit() > 0) {
            json.addProperty("limit", usage.limit());
        }
        var workers = new JsonArray();
        for (var index : usage.workers()) {
            var worker = new JsonObject();
            worker.addProperty("worker", index);
            worker.addProperty("clients", usage.clients().getOrDefault(RedisUsage.user(index), 0));
            worker.addProperty("keys", usage.keys().getOrDefault(index, 0L));
            workers.add(worker);
        }
        json.add("workers", workers);
        var leak = new JsonObject();
        leak.addProperty("keys", usage.keys().getOrDefault(0, 0L));
        var some = new JsonArray();
        usage.leak().forEach(some::add);
        leak.add("some", some);
        json.add("leak", leak);
    }

    private JsonArray memory(Usage usage) {
        var all = new JsonArray();
        if (usage.nodes().value().isEmpty()) {
            var unknown = new JsonObject();
            unknown.addProperty("of", "services and nodes");
            unknown.addProperty("unknown", usage.nodes().unknown());
            all.add(unknown);
        }
        for (var node : usage.nodes().value().orElse(List.of())) {
            services(node).forEach((name, bytes) -> all.add(entry(name, bytes, limit(name))));
            var most = node.available() == 0 ? Optional.<Long>empty() : Optional.of(node.used() + node.available());
            all.add(entry("node " + node.node(), node.used(), most));
        }
        usage.host()
                .ifPresent(host ->
                        all.add(entry("this machine", host.total() - host.available(), Optional.of(host.total()))));
        return all;
    }

    /** By the name of the deployment, which the names of its pods begin with. */
    private static Map<String, Long> services(NodeUsage node) {
        var services = new TreeMap<String, Long>();
        var prefix = Services.NAMESPACE + "/";
        node.pods().forEach((name, bytes) -> {
            if (name.startsWith(prefix)) {
                services.merge(name.substring(prefix.length()).replaceFirst("-[^-]+-[^-]+$", ""), bytes, Long::sum);
            }
        });
        return services;
    }

    private Optional<Long> limit(String service) {
        var resources = service.equals("postgres")
                ? spec.postgres().map(found -> found.resources())
                : spec.redis().map(found -> found.resources());
        return resources.map(Resources::memory).flatMap(Quantity::bytes);
    }

    private static JsonObject entry(String of, long used, Optional<Long> limit) {
        var json = new JsonObject();
        json.addProperty("of", of);
        json.addProperty("used", used);
        limit.ifPresent(most -> json.addProperty("limit", most));
        return json;
    }
}
