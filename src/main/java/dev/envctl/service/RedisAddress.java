package dev.envctl.service;

/** Everything a client needs to use one numbered Redis database. */
public record RedisAddress(ServiceEndpoint endpoint, String user, String password, int database) {
    /** The same login elsewhere. */
    public RedisAddress at(ServiceEndpoint other) {
        return new RedisAddress(other, user, password, database);
    }

    /** {@code redis://USER:PASSWORD@HOST:PORT/DATABASE}. */
    public String url() {
        return "redis://%s:%s@%s/%d"
                .formatted(UrlEncoding.encode(user), UrlEncoding.encode(password), endpoint, database);
    }

    /** Without the password: values end up in logs. */
    @Override
    public String toString() {
        return "%s@%s/%d".formatted(user, endpoint, database);
    }
}
