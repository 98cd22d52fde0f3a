package example.audit;

import dev.envctl.junit.Envctl;
import dev.envctl.worker.Lease;
import org.junit.jupiter.api.BeforeEach;

/** Each test process uses the database and the Redis of its lease, and each test names of its own. */
@Envctl
abstract class AuditTest extends Scenario {
    @BeforeEach
    void connect(Lease lease) throws Exception {
        begin(
                Connections.to(lease.jdbcUrl(), lease.databaseUser(), lease.databasePassword(), lease.redisUrl()),
                lease.nextTestId() + "-");
    }
}
