package dev.envctl.environment;

import dev.envctl.readiness.Deadline;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Makes, empties and removes leases of one environment, and knows nothing of who holds them. Safe to use from several
 * threads for different workers. Failures are {@link dev.envctl.EnvctlException}s.
 */
public interface Leases extends AutoCloseable {
    /** The leases that are somebody's, as their files say. */
    List<WorkerLease> given();

    /** Indexes of which something may exist that is nobody's: an earlier primary was killed while it made or removed them. */
    Collection<Integer> abandoned();

    /** Makes a lease, all but the files that make it somebody's. What a failure left must be removed. */
    WorkerLease make(int worker, String token, Deadline deadline);

    /** Writes {@code workers/N.json} and {@code N.env}, or writes them anew. */
    void give(WorkerLease lease);

    /** What of a lease can be reset by itself; the names are those of the services, in lower case. */
    enum Part {
        POSTGRES,
        REDIS,
        KUBERNETES
    }

    /** A pristine database, an empty index, an empty namespace, as far as they are asked for; the credentials stay. */
    void reset(WorkerLease lease, Set<Part> parts, Deadline deadline);

    /** Makes the Redis user of a lease anew, on a server of its own that was restarted; the credentials stay. */
    void restoreRedis(WorkerLease lease, Deadline deadline);

    /** Removes all but the database; the index is not free afterwards. */
    void keepDatabase(WorkerLease lease, Deadline deadline);

    /** Removes everything of an index, fine where there is nothing. Its namespace goes later: see {@link #leaving}. */
    void remove(int worker, Deadline deadline);

    /** The workers whose namespaces are still there, and what keeps each that is to go; empty where nothing does. */
    Map<Integer, String> leaving(Deadline deadline);

    /** Notes that a removed index may be used again. */
    void gone(int worker);

    /** Writes those kubeconfigs anew whose tokens have little of their life left. */
    void renewTokens(Deadline deadline);

    /** What was written without a lease, to where nobody's is; empty where nothing was. */
    String leak(Deadline deadline);

    /** Makes copies of the database in advance until there are so many, as far as there is room. */
    void replenish(int spares, Deadline deadline);

    @Override
    void close();
}
