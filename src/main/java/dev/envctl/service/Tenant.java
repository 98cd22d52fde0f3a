package dev.envctl.service;

import static dev.envctl.service.SqlSession.identifier;
import static dev.envctl.service.SqlSession.literal;

/**
 * A role with a database of its own.
 *
 * @param connections how many the role may hold; -1 for any number
 */
record Tenant(String role, String password, String database, int connections) {
    static Tenant worker(int worker, String password, int connections) {
        return new Tenant("worker_" + worker, password, "worker_" + worker, connections);
    }

    /** Makes the role, or gives the one that is there this password. */
    String roleSql(boolean exists) {
        return """
                %s ROLE %s LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS
                  CONNECTION LIMIT %d PASSWORD %s;
                ALTER ROLE %s SET application_name = %s;
                """.formatted(
                        exists ? "ALTER" : "CREATE",
                        identifier(role),
                        connections,
                        literal(password),
                        identifier(role),
                        literal("envctl-" + role.replace('_', '-')));
    }

    String createSql(String template, String strategy) {
        return "CREATE DATABASE %s OWNER %s TEMPLATE %s STRATEGY %s"
                .formatted(identifier(database), identifier(role), identifier(template), strategy);
    }

    /** In one transaction, so that nobody ever sees the rights it takes to own event triggers or foreign servers. */
    String takeOverSql() {
        return """
                ALTER ROLE %1$s SUPERUSER;
                REASSIGN OWNED BY %2$s TO %1$s;
                ALTER ROLE %1$s NOSUPERUSER;
                """.formatted(identifier(role), PostgresTemplate.OWNER);
    }

    /** Bars everybody else and marks the database as whole. */
    String sealSql(String template) {
        return """
                REVOKE ALL ON DATABASE %1$s FROM PUBLIC;
                COMMENT ON DATABASE %1$s IS %2$s;
                """.formatted(identifier(database), literal(mark(template)));
    }

    static String mark(String template) {
        return "envctl: copy of " + template;
    }

    String dropSql() {
        return "DROP DATABASE IF EXISTS %s WITH (FORCE)".formatted(identifier(database));
    }
}
