package dev.envctl.image;

import java.util.List;
import java.util.stream.Stream;

/**
 * What goes into an archive.
 *
 * @param tagged what the image is called: {@code repository:tag}
 * @param blobs the configuration and every layer
 */
record ArchiveContent(String tagged, Document manifest, Platform platform, Blobs blobs) {
    /** Configuration first, then the layers, lowest first; a layer that is there twice is named once. */
    List<Descriptor> parts() {
        var layers = manifest.layers().stream();
        return Stream.concat(Stream.of(manifest.config()), layers).distinct().toList();
    }
}
