package dev.envctl.spec;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * The Postgres service.
 *
 * @param image its name in images.lock
 * @param database the database that the services' own address points at
 * @param init SQL files or folders of SQL files, absolute, run once in this order on the database
 * @param settings server settings, passed as {@code -c name=value}
 * @param port the host port asked for; empty for any free one of the range
 */
public record PostgresSpec(
        String image,
        String database,
        int maxConnections,
        Storage storage,
        List<Path> init,
        Map<String, String> settings,
        Resources resources,
        OptionalInt port) {
    public PostgresSpec {
        init = List.copyOf(init);
        settings = java.util.Collections.unmodifiableMap(new java.util.TreeMap<>(settings));
    }
}
