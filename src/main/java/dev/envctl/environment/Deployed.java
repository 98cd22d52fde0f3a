package dev.envctl.environment;

import dev.envctl.service.PostgresService;
import dev.envctl.service.RedisService;
import dev.envctl.service.ServiceEndpoint;
import java.util.List;
import java.util.Optional;

/**
 * The services of an environment and where this machine reaches them; empty for one that it does not have.
 *
 * @param redisInstances the servers of the workers from 1 on; none where they share one
 */
record Deployed(
        Optional<PostgresService> postgres,
        ServiceEndpoint postgresEndpoint,
        Optional<RedisService> redis,
        ServiceEndpoint redisEndpoint,
        List<ServiceEndpoint> redisInstances) {
    Deployed {
        redisInstances = List.copyOf(redisInstances);
    }
}
