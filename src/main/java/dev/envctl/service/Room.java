package dev.envctl.service;

import dev.envctl.spec.PostgresSpec;
import dev.envctl.spec.Storage;
import java.sql.SQLException;

/**
 * Whether there is room for spare databases, which must take none from the workers' own data: a quarter of a volume in
 * memory stays free.
 *
 * @param bytes of the data's volume; {@link Long#MAX_VALUE} where it is a disk
 * @param writeAheadLog bytes that the log may grow to
 */
record Room(long bytes, long writeAheadLog) {
    static Room of(PostgresSpec spec) {
        if (spec.storage() == Storage.DISK) {
            return new Room(Long.MAX_VALUE, 0);
        }
        var memory = MemoryLimit.parse(spec.resources().memory());
        return new Room(
                PostgresService.dataMebibytes(memory) * MemoryLimit.MEBIBYTE,
                PostgresService.logMebibytes(memory) * MemoryLimit.MEBIBYTE);
    }

    boolean holdsOneMore(SqlSession session, String template) throws SQLException {
        if (bytes == Long.MAX_VALUE) {
            return true;
        }
        var sizes = session.rows("SELECT sum(pg_database_size(oid)), pg_database_size(%s) FROM pg_database"
                        .formatted(SqlSession.literal(template)))
                .get(0);
        return holds(Long.parseLong(sizes.get(0)), Long.parseLong(sizes.get(1)));
    }

    /**
     * @param used bytes of all databases
     * @param next bytes of one more
     */
    boolean holds(long used, long next) {
        return bytes == Long.MAX_VALUE || used + next + writeAheadLog <= bytes / 4 * 3;
    }
}
