package dev.envctl.primary;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.envctl.environment.WorkerLease;
import dev.envctl.spec.Durations;

/** Leases as the API shows them. */
final class LeaseView {
    private LeaseView() {}

    /** All of them, without anything secret. */
    static JsonObject all(Leasing leasing) {
        var desk = leasing.desk();
        var list = new JsonArray();
        synchronized (desk) {
            desk.all(slot -> true).forEach(slot -> list.add(one(slot, leasing.now())));
        }
        var json = new JsonObject();
        json.add("leases", list);
        json.addProperty("waiting", desk.waiting());
        json.addProperty("onDemand", desk.room().most());
        return json;
    }

    private static JsonObject one(Slot slot, Moment now) {
        var json = new JsonObject();
        json.addProperty("worker", slot.worker);
        json.addProperty("state", slot.stage.word());
        json.addProperty("since", slot.since.wall().toString());
        slot.known().ifPresent(lease -> {
            json.addProperty("lease", lease.lease());
            json.addProperty("namespace", lease.namespace());
            json.addProperty("ports", lease.ports().toString());
            var holder = lease.holder();
            if (holder != null) {
                json.addProperty("since", holder.since());
                json.addProperty("holder", holder.text());
                if (holder.pid() != 0) {
                    json.addProperty("pid", holder.pid());
                }
            }
        });
        slot.ttl().ifPresent(ttl -> json.addProperty("ttl", Durations.format(ttl)));
        if (slot.stage == Slot.Stage.HELD || slot.stage == Slot.Stage.FIXED) {
            json.addProperty("lastHeartbeat", slot.lastHeard().toString());
        }
        slot.expires(now).ifPresent(expires -> json.addProperty("expires", expires.toString()));
        if (!slot.trouble.isEmpty()) {
            json.addProperty("trouble", slot.trouble);
        }
        return json;
    }

    /** One lease with all its secrets, as its file says it, and when it returns by itself. */
    static JsonObject whole(Leasing leasing, Slot slot) {
        synchronized (leasing.desk()) {
            var json = slot.known()
                    .map(WorkerLease::json)
                    .map(text -> JsonParser.parseString(text).getAsJsonObject())
                    .orElseGet(JsonObject::new);
            json.addProperty("worker", slot.worker);
            json.addProperty("state", slot.stage.word());
            slot.expires(leasing.now()).ifPresent(expires -> json.addProperty("expires", expires.toString()));
            return json;
        }
    }
}
