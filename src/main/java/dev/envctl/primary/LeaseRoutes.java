package dev.envctl.primary;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.environment.Leases;
import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Leases; docs/api.md describes the routes. A worker's token opens what changes a lease for its own one only, and the list,
 * which holds nothing secret.
 */
final class LeaseRoutes {
    private final Supplier<Optional<String>> broken;
    private volatile @Nullable Leasing open;

    /** @param broken why the environment is not what it was, while it is not: nobody begins to use a lease then */
    LeaseRoutes(Supplier<Optional<String>> broken) {
        this.broken = broken;
    }

    /** From here on until {@link #close} there are leases. */
    void open(Leasing leasing) {
        open = leasing;
    }

    void close() {
        open = null;
    }

    /** All leases without secrets; none while the environment is not ready. */
    JsonArray list() {
        var leasing = open;
        return leasing == null ? new JsonArray() : LeaseView.all(leasing).getAsJsonArray("leases");
    }

    /** Whether a lease on demand is somebody's, who may compute for hours without a question. */
    boolean anyHeld() {
        var leasing = open;
        return leasing != null
                && !leasing.desk().all(slot -> slot.stage == Slot.Stage.HELD).isEmpty();
    }

    List<Route> routes() {
        return List.of(
                Route.ofOwner("POST", "/v1/leases", this::acquire),
                Route.ofWorkers("GET", "/v1/leases", call -> call.answer(200, LeaseView.all(leasing()))),
                Route.ofWorkers("GET", "/v1/leases/{worker}", call -> own(call, this::show)),
                Route.ofWorkers("POST", "/v1/leases/{worker}/heartbeat", call -> own(call, this::heartbeat)),
                Route.ofWorkers("POST", "/v1/leases/{worker}/reset", call -> own(call, this::reset)),
                Route.ofWorkers("DELETE", "/v1/leases/{worker}", call -> own(call, this::release)));
    }

    private Leasing leasing() {
        return Optional.ofNullable(open)
                .orElseThrow(() -> new EnvctlException(
                        FailureKind.NOT_OWNER,
                        "The environment is not ready: there are no leases now.",
                        "`envctl up` waits for it."));
    }

    /** The same for what begins to use one. */
    private Leasing usable() {
        broken.get().ifPresent(reason -> {
            throw new EnvctlException(
                    FailureKind.NOT_OWNER,
                    "The environment is broken: %s.".formatted(reason),
                    "`envctl status` shows whether it becomes well again; `envctl up` makes anew what is broken for good.");
        });
        return leasing();
    }

    private void acquire(Call call) throws IOException {
        var request = LeaseRequest.of(call.json());
        var leasing = usable();
        try {
            var slot = leasing.acquire(request.holder(Instant.now()), request.timeout());
            call.answer(201, LeaseView.whole(leasing, slot));
        } catch (EnvctlException e) {
            if (e.kind() != FailureKind.USAGE) {
                throw e;
            }
            // The request is in order; there is no room for it.
            call.refuse(409, e);
        }
    }

    private interface OfOne {
        void handle(Call call, Leasing leasing, Slot slot) throws IOException;
    }

    /** For the owner, and for the worker whose lease it is. */
    private void own(Call call, OfOne handler) throws IOException {
        var leasing = leasing();
        var asked = call.parameter("worker");
        if (call.caller() instanceof Caller.Worker worker && !asked.equals(Integer.toString(worker.worker()))) {
            call.refuse(
                    403,
                    new EnvctlException(
                            FailureKind.NOT_OWNER,
                            "This is the token of worker %d, and opens nothing of worker %s."
                                    .formatted(worker.worker(), asked),
                            ""));
            return;
        }
        var slot =
                asked.matches("[1-9]\\d{0,4}") ? leasing.desk().find(Integer.parseInt(asked)) : Optional.<Slot>empty();
        if (slot.isEmpty()) {
            call.refuse(
                    404,
                    new EnvctlException(
                            FailureKind.USAGE,
                            "There is no lease %s.".formatted(asked),
                            "`envctl worker list` shows all."));
            return;
        }
        handler.handle(call, leasing, slot.get());
    }

    private void show(Call call, Leasing leasing, Slot slot) throws IOException {
        usable();
        call.answer(200, LeaseView.whole(leasing, slot));
    }

    private void heartbeat(Call call, Leasing leasing, Slot slot) throws IOException {
        leasing.heartbeat(slot.worker);
        var json = new JsonObject();
        json.addProperty("worker", slot.worker);
        slot.expires(leasing.now()).ifPresent(expires -> json.addProperty("expires", expires.toString()));
        call.answer(200, json);
    }

    private void reset(Call call, Leasing leasing, Slot slot) throws IOException {
        call.allowQuery("only");
        usable().reset(slot.worker, parts(call.query("only")));
        call.answer(200, LeaseView.whole(leasing, slot));
    }

    /** @param only such as {@code postgres,redis}; empty for all */
    private static Set<Leases.Part> parts(String only) {
        if (only.isEmpty()) {
            return EnumSet.allOf(Leases.Part.class);
        }
        var parts = EnumSet.noneOf(Leases.Part.class);
        for (var name : only.split(",", -1)) {
            parts.add(Arrays.stream(Leases.Part.values())
                    .filter(part -> part.name().toLowerCase(Locale.ROOT).equals(name))
                    .findFirst()
                    .orElseThrow(() -> new EnvctlException(
                            FailureKind.USAGE,
                            "There is nothing called `%s` in a lease.".formatted(name),
                            "`only` takes postgres, redis and kubernetes, with commas between them.")));
        }
        return parts;
    }

    /** Anything else would drop a database that was to be kept. */
    private static boolean keep(String text) {
        return switch (text) {
            case "true" -> true;
            case "", "false" -> false;
            default ->
                throw new EnvctlException(
                        FailureKind.USAGE, "`keep` is true or false, not `%s`.".formatted(Locks.printable(text)), "");
        };
    }

    private void release(Call call, Leasing leasing, Slot slot) throws IOException {
        call.allowQuery("keep");
        var keep = keep(call.query("keep"));
        leasing.release(slot.worker, keep);
        var json = new JsonObject();
        json.addProperty("worker", slot.worker);
        json.addProperty("state", slot.stage.word());
        if (keep) {
            slot.known()
                    .flatMap(lease -> Optional.ofNullable(lease.postgres()))
                    .ifPresent(postgres -> json.addProperty("url", postgres.url()));
        }
        call.answer(200, json);
    }
}
