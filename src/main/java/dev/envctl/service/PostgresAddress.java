package dev.envctl.service;

/** Everything a client needs to open a Postgres database. */
public record PostgresAddress(ServiceEndpoint endpoint, String user, String password, String database) {
    /** The same login elsewhere. */
    public PostgresAddress at(ServiceEndpoint other) {
        return new PostgresAddress(other, user, password, database);
    }

    PostgresAddress database(String other) {
        return new PostgresAddress(endpoint, user, password, other);
    }

    /** For libpq and most drivers: {@code postgresql://USER:PASSWORD@HOST:PORT/DATABASE}. */
    public String url() {
        return "postgresql://%s:%s@%s/%s"
                .formatted(
                        UrlEncoding.encode(user), UrlEncoding.encode(password), endpoint, UrlEncoding.encode(database));
    }

    /** Without user and password, which JDBC takes apart from the URL. */
    public String jdbcUrl() {
        return "jdbc:postgresql://%s/%s".formatted(endpoint, UrlEncoding.encode(database));
    }

    /** Without the password: values end up in logs. */
    @Override
    public String toString() {
        return "%s@%s/%s".formatted(user, endpoint, database);
    }
}
