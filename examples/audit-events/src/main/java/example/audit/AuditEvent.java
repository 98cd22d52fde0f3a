package example.audit;

import java.time.Instant;
import java.util.Map;
import java.util.Objects;

/** Something that somebody has done. The id comes from who reports it: the same event may be reported more than once. */
record AuditEvent(String id, String tenant, String actor, String action, String target, Instant at) {
    AuditEvent {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(tenant, "tenant");
        Objects.requireNonNull(actor, "actor");
        Objects.requireNonNull(action, "action");
        Objects.requireNonNull(target, "target");
        Objects.requireNonNull(at, "at");
    }

    /** As it is carried in Redis. */
    Map<String, String> fields() {
        return Map.of(
                "id", id, "tenant", tenant, "actor", actor, "action", action, "target", target, "at", at.toString());
    }

    static AuditEvent of(Map<String, String> fields) {
        return new AuditEvent(
                fields.get("id"),
                fields.get("tenant"),
                fields.get("actor"),
                fields.get("action"),
                fields.get("target"),
                Instant.parse(fields.get("at")));
    }

    /** What somebody who looks for trouble looks at first. */
    String severity() {
        return action.startsWith("delete") || action.endsWith("denied") ? "high" : "normal";
    }
}
