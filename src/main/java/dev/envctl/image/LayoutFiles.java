package dev.envctl.image;

import java.io.IOException;
import java.io.InputStream;

/** Takes the files of a layout, one after the other. */
@FunctionalInterface
interface LayoutFiles {
    /**
     * Adds a file.
     *
     * @param name with slashes, below the layout's root
     * @param size of the content, in bytes
     */
    void add(String name, long size, InputStream content) throws IOException;
}
