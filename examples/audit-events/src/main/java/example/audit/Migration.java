package example.audit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.CRC32;

/** One step of the schema. What was released is never changed again. */
record Migration(int version, String name, String sql) {
    /** Those of this release. */
    static List<Migration> released() {
        return List.of(read(1, "events"), read(2, "counts"), read(3, "severity"));
    }

    private static Migration read(int version, String name) {
        var file = "/schema/%d-%s.sql".formatted(version, name);
        try (var stream = Migration.class.getResourceAsStream(file)) {
            return new Migration(version, name, new String(stream.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    long checksum() {
        var sum = new CRC32();
        sum.update(sql.getBytes(StandardCharsets.UTF_8));
        return sum.getValue();
    }
}
