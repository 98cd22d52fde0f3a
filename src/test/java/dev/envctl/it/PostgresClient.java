package dev.envctl.it;

import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

/** Asks Postgres with nothing but a URL, as a program under test does. */
final class PostgresClient {
    private PostgresClient() {}

    /** @param url as in {@code DATABASE_URL} */
    static Connection open(String url) throws SQLException {
        var uri = URI.create(url);
        var login = uri.getUserInfo().split(":", 2);
        return DriverManager.getConnection(
                "jdbc:postgresql://%s:%d%s?connectTimeout=10&socketTimeout=30"
                        .formatted(uri.getHost(), uri.getPort(), uri.getRawPath()),
                login[0],
                login[1]);
    }

    /** The first column of the first row. */
    static String ask(String url, String question) throws SQLException {
        try (var connection = open(url);
                var statement = connection.createStatement();
                var answer = statement.executeQuery(question)) {
            answer.next();
            return answer.getString(1);
        }
    }

    static void run(String url, String sql) throws SQLException {
        try (var connection = open(url);
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** The same login on another database of the same server. */
    static String onDatabase(String url, String database) {
        return url.substring(0, url.lastIndexOf('/') + 1) + database;
    }
}
