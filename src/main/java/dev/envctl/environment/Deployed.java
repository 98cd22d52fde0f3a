package dev.envctl.environment;

import dev.envctl.service.PostgresService;
import dev.envctl.service.RedisService;
import dev.envctl.service.ServiceEndpoint;
import java.util.Optional;

/** The services of an environment and where this machine reaches them; empty for one that it does not have. */
record Deployed(
        Optional<PostgresService> postgres,
        ServiceEndpoint postgresEndpoint,
        Optional<RedisService> redis,
        ServiceEndpoint redisEndpoint) {}
