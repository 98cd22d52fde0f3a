package example.audit;

import java.util.List;
import java.util.Optional;

/**
 * Some events, newest first.
 *
 * @param next where the next page begins; empty on the last one
 */
record EventPage(List<AuditEvent> events, Optional<String> next) {
    EventPage {
        events = List.copyOf(events);
    }

    List<String> ids() {
        return events.stream().map(AuditEvent::id).toList();
    }
}
