package example.audit;

import java.sql.SQLException;
import java.time.Duration;

/** Gives old events the severity that new ones are written with, a few at a time, so that others get their turn in between. */
final class Backfill {
    private static final String FILL = """
            WITH batch AS (
                SELECT sequence FROM events WHERE severity IS NULL ORDER BY sequence LIMIT ? FOR UPDATE SKIP LOCKED)
            UPDATE events SET severity = CASE WHEN action LIKE 'delete%' OR action LIKE '%denied' THEN 'high' ELSE 'normal' END
            FROM batch WHERE events.sequence = batch.sequence""";

    private final Database database;
    private final int batch;
    private final Duration pause;

    Backfill(Database database, int batch, Duration pause) {
        this.database = database;
        this.batch = batch;
        this.pause = pause;
    }

    /** Until nothing is left to do; how many events it has changed. */
    int run() throws SQLException, InterruptedException {
        var all = 0;
        while (true) {
            var some = step();
            if (some == 0) {
                return all;
            }
            all += some;
            Thread.sleep(pause.toMillis());
        }
    }

    int step() throws SQLException {
        return database.transaction(connection -> {
            try (var statement = connection.prepareStatement(FILL)) {
                statement.setInt(1, batch);
                return statement.executeUpdate();
            }
        });
    }
}
