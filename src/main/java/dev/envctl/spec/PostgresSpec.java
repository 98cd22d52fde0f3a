package dev.envctl.spec;

import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;

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
    static final List<String> ENDINGS = List.of(".sql");

    public PostgresSpec {
        init = List.copyOf(init);
        settings = Collections.unmodifiableMap(new TreeMap<>(settings));
    }

    /** The SQL files to run, folders resolved, in order; looks at the disk each time. */
    public List<Path> initFiles() {
        return init.stream()
                .flatMap(path -> FolderContents.of(path, ENDINGS).stream())
                .toList();
    }
}
