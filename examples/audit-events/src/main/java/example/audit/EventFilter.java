package example.audit;

import java.time.Instant;

/** Which events of a tenant are looked for; null stands for any. */
record EventFilter(String tenant, String actor, String action, String severity, String text, Instant from, Instant to) {
    static EventFilter of(String tenant) {
        return new EventFilter(tenant, null, null, null, null, null, null);
    }

    EventFilter by(String who) {
        return new EventFilter(tenant, who, action, severity, text, from, to);
    }

    EventFilter action(String what) {
        return new EventFilter(tenant, actor, what, severity, text, from, to);
    }

    EventFilter severity(String how) {
        return new EventFilter(tenant, actor, action, how, text, from, to);
    }

    /** Whose target contains this, in upper or lower case. */
    EventFilter containing(String some) {
        return new EventFilter(tenant, actor, action, severity, some, from, to);
    }

    /** From one time to before another. */
    EventFilter between(Instant begin, Instant end) {
        return new EventFilter(tenant, actor, action, severity, text, begin, end);
    }
}
