package dev.envctl.kubernetes;

import java.io.IOException;
import java.time.Duration;

/** Carries one request to the API server. {@link OkHttpTransport} is the real one; tests script a fake. */
interface Transport extends AutoCloseable {
    /**
     * What is asked.
     *
     * @param path with its query, such as {@code /api/v1/pods?limit=1}
     * @param contentType of the body; empty where there is no body
     */
    record Request(String method, String path, String contentType, String body) {
        static Request get(String path) {
            return new Request("GET", path, "", "");
        }
    }

    record Response(int status, String body) {
        boolean ok() {
            return status >= 200 && status < 300;
        }
    }

    /**
     * Sends once.
     *
     * @param timeout for the whole exchange
     * @throws IOException when no whole answer came back in time
     */
    Response send(Request request, Duration timeout) throws IOException;

    @Override
    void close();
}
