package example.audit;

import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** Finds events page by page. What is written meanwhile moves no event from one page to another. */
final class EventSearch {
    private static final int LARGEST = 100;

    private final Database database;

    EventSearch(Database database) {
        this.database = database;
    }

    EventPage first(EventFilter filter, int size) throws SQLException {
        return page(filter, size, null);
    }

    /** @param cursor what the page before called the next one */
    EventPage after(EventFilter filter, int size, String cursor) throws SQLException {
        return page(filter, size, Position.parse(cursor));
    }

    private EventPage page(EventFilter filter, int size, Position after) throws SQLException {
        if (size < 1 || size > LARGEST) {
            throw new IllegalArgumentException("a page has 1 to %d events, not %d".formatted(LARGEST, size));
        }
        var conditions = new Conditions(filter, after);
        var sql = "SELECT sequence, %s FROM events WHERE %s ORDER BY at DESC, sequence DESC LIMIT %d"
                .formatted(EventRepository.COLUMNS, String.join(" AND ", conditions.sql), size + 1);
        return database.transaction(connection -> {
            try (var statement = connection.prepareStatement(sql)) {
                for (var index = 0; index < conditions.values.size(); index++) {
                    statement.setObject(index + 1, conditions.values.get(index));
                }
                var events = new ArrayList<AuditEvent>();
                Position last = null;
                try (var rows = statement.executeQuery()) {
                    while (rows.next()) {
                        if (events.size() == size) {
                            return new EventPage(events, Optional.of(last.text()));
                        }
                        events.add(EventRepository.event(rows));
                        last = new Position(rows.getTimestamp("at").toInstant(), rows.getLong("sequence"));
                    }
                }
                return new EventPage(events, Optional.empty());
            }
        });
    }

    /** What follows WHERE. */
    private static final class Conditions {
        private final List<String> sql = new ArrayList<>();
        private final List<Object> values = new ArrayList<>();

        private Conditions(EventFilter filter, Position after) {
            add("tenant = ?", filter.tenant());
            add("actor = ?", filter.actor());
            add("action = ?", filter.action());
            add("severity = ?", filter.severity());
            add("strpos(lower(target), lower(?)) > 0", filter.text());
            add("at >= ?", filter.from() == null ? null : Timestamp.from(filter.from()));
            add("at < ?", filter.to() == null ? null : Timestamp.from(filter.to()));
            if (after != null) {
                sql.add("(at, sequence) < (?, ?)");
                values.add(Timestamp.from(after.at()));
                values.add(after.sequence());
            }
        }

        private void add(String condition, Object value) {
            if (value != null) {
                sql.add(condition);
                values.add(value);
            }
        }
    }

    /** Of the last event of a page. */
    private record Position(Instant at, long sequence) {
        private String text() {
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString((at + "/" + sequence).getBytes(StandardCharsets.UTF_8));
        }

        private static Position parse(String cursor) {
            try {
                var text = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
                var slash = text.indexOf('/');
                return new Position(Instant.parse(text.substring(0, slash)), Long.parseLong(text.substring(slash + 1)));
            } catch (RuntimeException e) {
                throw new IllegalArgumentException("this is no cursor: " + cursor, e);
            }
        }
    }
}
