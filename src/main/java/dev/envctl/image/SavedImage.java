package dev.envctl.image;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * An image as a saved layout has it.
 *
 * @param archive where its content is read from
 * @param pinned what index.json names: what images.lock does, or the manifest of a stand-in
 * @param manifest of one platform
 * @param annotations of the entry in index.json
 */
record SavedImage(Layout archive, Document pinned, Document manifest, Map<String, String> annotations) {
    /** Which recipe built it, where it is a stand-in. */
    static final String RECIPE = "dev.envctl.recipe";

    /** The hash of the recipe's content. */
    static final String RECIPE_HASH = "dev.envctl.recipe.hash";

    SavedImage {
        annotations = Map.copyOf(annotations);
    }

    List<Document> documents() {
        return pinned.digest().equals(manifest.digest()) ? List.of(manifest) : List.of(pinned, manifest);
    }

    /** The configuration and the layers. */
    List<Descriptor> parts() {
        return Stream.concat(Stream.of(manifest.config()), manifest.layers().stream())
                .distinct()
                .toList();
    }
}
