package dev.envctl.cli;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.primary.LeaseClient;
import dev.envctl.primary.Liveness;
import dev.envctl.primary.PrimaryRecord;
import java.util.Map;
import java.util.Optional;

/** The way to a primary's leases: as its owner, who can read its files, or as a worker with the variables of its lease. */
final class LeaseAccess {
    private LeaseAccess() {}

    /** @throws EnvctlException NOT_OWNER where no primary lives */
    static LeaseClient owner(EnvironmentOption environment, Map<String, String> variables) {
        return asOwner(environment, variables).orElseThrow(() -> {
            var name = environment.name(variables);
            return new EnvctlException(
                    FailureKind.NOT_OWNER,
                    "Environment %s is not running.".formatted(name),
                    "Start it with `envctl up%s`.".formatted(Running.option(name)));
        });
    }

    /** As the worker whose variables are set, unless another environment is named; else as the owner. */
    static LeaseClient either(EnvironmentOption environment, Map<String, String> variables) {
        var api = variables.getOrDefault("ENVCTL_API", "");
        var token = variables.getOrDefault("ENVCTL_TOKEN", "");
        return api.isEmpty() || token.isEmpty() || environment.given()
                ? owner(environment, variables)
                : new LeaseClient(api, token);
    }

    private static Optional<LeaseClient> asOwner(EnvironmentOption environment, Map<String, String> variables) {
        try {
            var directory = environment.directory(variables);
            if (Liveness.of(directory) != Liveness.ALIVE) {
                return Optional.empty();
            }
            return PrimaryRecord.read(directory.primary()).map(record -> new LeaseClient(record.api(), record.token()));
        } catch (EnvctlException e) {
            // Not in a project, or its files are somebody else's.
            return Optional.empty();
        }
    }
}
