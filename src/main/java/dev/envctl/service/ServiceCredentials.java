package dev.envctl.service;

import java.security.SecureRandom;

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

    /** Without the passwords: values end up in logs. */
    @Override
    public String toString() {
        return "ServiceCredentials[…]";
    }
}
