package dev.envctl.service;

import static dev.envctl.service.SqlSession.identifier;
import static dev.envctl.service.SqlSession.literal;

/**
 * A role with a database of its own.
 *
 * @param application what its connections are called in {@code pg_stat_activity} unless they say otherwise
 * @param connections how many the role may hold; -1 for any number
 */
record Tenant(String role, String password, String database, String application, int connections) {
    static Tenant worker(Lessee lessee, String password, int connections) {
        var name = name(lessee.worker());
        return new Tenant(name, password, name, lessee.name(), connections);
    }

    /** Of a worker's role and of its database. */
    static String name(int worker) {
        return "worker_" + worker;
    }

    /**
     * Makes the role, or gives the one that is there this password and takes from it what it set for itself. Any role may
     * do that for any database; not with {@code ALTER ROLE … IN DATABASE}, because spares change their names meanwhile. It
     * cannot log in before it has its database.
     */
    String roleSql(boolean exists) {
        return """
                %1$s ROLE %2$s NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS
                  CONNECTION LIMIT %3$d PASSWORD %4$s VALID UNTIL 'infinity';
                ALTER ROLE %2$s RESET ALL;
                DELETE FROM pg_db_role_setting WHERE setdatabase <> 0 AND setrole = %6$s::regrole;
                ALTER ROLE %2$s SET application_name = %5$s;
                """.formatted(
                        exists ? "ALTER" : "CREATE",
                        identifier(role),
                        connections,
                        literal(password),
                        literal(application),
                        literal(identifier(role)));
    }

    /** Takes back whatever the tenant can do to its role and its database that keeps it from logging in. */
    String restoreSql() {
        return """
                ALTER ROLE %1$s LOGIN CONNECTION LIMIT %2$d PASSWORD %3$s;
                ALTER DATABASE %4$s WITH ALLOW_CONNECTIONS true CONNECTION LIMIT -1;
                GRANT ALL ON DATABASE %4$s TO %1$s;
                """.formatted(identifier(role), connections, literal(password), identifier(database));
    }

    /** The copy under the tenant's name; still nobody but the superuser can enter it. */
    String claimSql(String spare) {
        return """
                ALTER DATABASE %1$s RENAME TO %2$s;
                ALTER DATABASE %2$s WITH ALLOW_CONNECTIONS true;
                """.formatted(identifier(spare), identifier(database));
    }

    /**
     * Hands what {@code init} made over, in the database itself. In one transaction, so that nobody ever sees the
     * rights it takes to own event triggers or foreign servers.
     */
    String takeOverSql() {
        return """
                ALTER ROLE %1$s SUPERUSER;
                REASSIGN OWNED BY %2$s TO %1$s;
                ALTER ROLE %1$s NOSUPERUSER;
                """.formatted(identifier(role), PostgresTemplate.OWNER);
    }

    /** Lets the tenant in. */
    String openSql() {
        return """
                ALTER DATABASE %1$s OWNER TO %2$s;
                ALTER ROLE %2$s LOGIN;
                """.formatted(identifier(database), identifier(role));
    }
}
