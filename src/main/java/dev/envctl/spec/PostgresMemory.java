package dev.envctl.spec;

/**
 * What Postgres will take, in MiB. Measured with version 17: an empty database takes 7.3 MiB, a connection that has been
 * worked with 1.8 MiB of its own.
 *
 * @param databases the workers', the services' own, the template if there is one, and the server's own three
 * @param connections of all workers together
 * @param limit of the container
 * @param inMemory whether the data count too
 */
public record PostgresMemory(int databases, int connections, long limit, boolean inMemory) {
    private static final int OWN_DATABASES = 4;
    private static final int DATABASE = 8;
    private static final int CONNECTION = 2;
    private static final int LEAST_LOG = 32;
    private static final int MOST_BUFFERS = 128;
    private static final int STEP = 64;

    /** @param templates 1 where SQL of the user's makes one, else 0 */
    static PostgresMemory of(int workers, int templates, int connections, long limit, boolean inMemory) {
        return new PostgresMemory(OWN_DATABASES + templates + workers, workers * connections, limit, inMemory);
    }

    static PostgresMemory of(PostgresSpec postgres, WorkersSpec workers) {
        return of(
                workers.most(),
                postgres.init().isEmpty() ? 0 : 1,
                workers.connections(),
                Quantity.bytes(postgres.resources().memory()).orElse(0L) / Quantity.MEBIBYTE,
                postgres.storage() == Storage.MEMORY);
    }

    /** The size of a data volume in memory. */
    public static long volume(long limit) {
        return Math.max(1, limit / 2);
    }

    /** How much of the data the write-ahead log may be. */
    public static long log(long limit) {
        return Math.max(LEAST_LOG, limit / 8);
    }

    /** {@code shared_buffers}. */
    public static long buffers(long limit) {
        return Math.max(1, Math.min(MOST_BUFFERS, limit / 4));
    }

    /** The data before anybody has written any. */
    long data() {
        return (long) databases * DATABASE + log(limit);
    }

    boolean dataFits() {
        return !inMemory || data() <= volume(limit);
    }

    /** With all connections in use. */
    long whole() {
        return (inMemory ? data() : 0) + buffers(limit) + (long) connections * CONNECTION;
    }

    /** The least limit that the data fit into, in whole steps. */
    long leastLimitForData() {
        var least = (limit / STEP + 1) * STEP;
        while (!with(least).dataFits()) {
            least += STEP;
        }
        return least;
    }

    /** The least limit that all fits into, in whole steps. */
    long leastLimit() {
        var least = (limit / STEP + 1) * STEP;
        while (with(least).whole() > least || !with(least).dataFits()) {
            least += STEP;
        }
        return least;
    }

    /** How many databases of workers the volume holds. */
    long fitting(int workers) {
        var others = databases - workers;
        return Math.max(0, (volume(limit) - log(limit)) / DATABASE - others);
    }

    static long ofEachWorker(int connections, boolean inMemory) {
        return (inMemory ? DATABASE : 0) + (long) connections * CONNECTION;
    }

    private PostgresMemory with(long otherLimit) {
        return new PostgresMemory(databases, connections, otherLimit, inMemory);
    }

    String dataSum() {
        return "%d databases × %d MiB + %d MiB log = %d".formatted(databases, DATABASE, log(limit), data());
    }

    String wholeSum() {
        return "%s%d MiB buffers + %d connections × %d MiB = %d"
                .formatted(inMemory ? data() + " MiB data + " : "", buffers(limit), connections, CONNECTION, whole());
    }
}
