package dev.envctl.primary;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.util.List;
import java.util.function.Supplier;

/**
 * {@code GET /v1/details}: what {@code status} shows, asked at this moment; takes up to three seconds, and
 * {@code /v1/status} nothing.
 */
final class DetailsRoutes {
    private final Supplier<JsonObject> status;
    private final Supplier<JsonArray> leases;
    private final LockRoutes locks;
    private final Supplier<JsonObject> usage;

    /**
     * @param leases each {@code {worker, state, since}}, and what else there is to say of it, such as its {@code holder}
     * @param usage of services and memory; empty before there is any
     */
    DetailsRoutes(
            Supplier<JsonObject> status, Supplier<JsonArray> leases, LockRoutes locks, Supplier<JsonObject> usage) {
        this.status = status;
        this.leases = leases;
        this.locks = locks;
        this.usage = usage;
    }

    List<Route> routes() {
        return List.of(Route.ofOwner("GET", "/v1/details", this::answer));
    }

    private void answer(Call call) throws IOException {
        var json = status.get();
        json.add("leases", leases.get());
        json.add("locks", locks.list().get("locks"));
        usage.get().entrySet().forEach(member -> json.add(member.getKey(), member.getValue()));
        call.answer(200, json);
    }
}
