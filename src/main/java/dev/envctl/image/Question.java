package dev.envctl.image;

import java.util.Map;

/** What a registry is asked, and how its answer is read. */
@FunctionalInterface
interface Question<T> {
    /** More headers of the request; asked for anew before each attempt. */
    default Map<String, String> headers() {
        return Map.of();
    }

    /**
     * Reads an answer of status 200 or 206.
     *
     * @param source the repository, or its copy on a mirror
     */
    T read(Repository source, Response response);
}
