package dev.envctl.service;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.envctl.kubernetes.KubernetesApi;
import dev.envctl.kubernetes.ObjectReference;
import dev.envctl.readiness.Deadline;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Map;

/**
 * The passwords of one environment's services. Whoever holds the first or the last may do everything in that service.
 *
 * @param postgresAdmin of the superuser {@code postgres}
 * @param postgresApp of the role {@code app}, owner of the services' own database
 * @param redis of the user {@code default}
 */
public record ServiceCredentials(String postgresAdmin, String postgresApp, String redis) {
    public static ServiceCredentials random(SecureRandom random) {
        var password = new RandomPassword(random);
        return new ServiceCredentials(password.next(), password.next(), password.next());
    }

    /**
     * Those of the services that run in a cluster, as {@link #random} made them; empty texts for a service that it does
     * not have.
     */
    public static ServiceCredentials stored(KubernetesApi api, Deadline deadline) {
        var postgres = data(api, PostgresService.NAME, deadline);
        return new ServiceCredentials(
                password(postgres, PostgresService.PASSWORD_FILE),
                password(postgres, PostgresService.APP_PASSWORD),
                password(data(api, RedisService.NAME, deadline), RedisService.PASSWORD));
    }

    private static Map<?, ?> data(KubernetesApi api, String secret, Deadline deadline) {
        return api.get(new ObjectReference("v1", "Secret", Services.NAMESPACE, secret), deadline)
                .map(found -> found.get("data"))
                .<Map<?, ?>>map(data -> data instanceof Map<?, ?> entries ? entries : Map.of())
                .orElse(Map.of());
    }

    private static String password(Map<?, ?> data, String key) {
        return data.get(key) instanceof String encoded
                ? new String(Base64.getDecoder().decode(encoded), UTF_8)
                : "";
    }

    /** Without the passwords: values end up in logs. */
    @Override
    public String toString() {
        return "ServiceCredentials[…]";
    }
}
