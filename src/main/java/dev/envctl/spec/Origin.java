package dev.envctl.spec;

import org.yaml.snakeyaml.error.Mark;

/** Marks values that no file holds with what set them, so that they can be checked like all others. */
final class Origin {
    private static final int NOWHERE = -1;

    private Origin() {}

    /** @param label what set the value and how, such as {@code ENVCTL_CLUSTER_ENGINE=podman} */
    static Mark mark(String label) {
        return new Mark(label, 0, NOWHERE, 0, new int[0], 0);
    }

    /** The label, or empty for a place in the file. */
    static String of(Mark mark) {
        return mark.getLine() == NOWHERE ? mark.getName() : "";
    }
}
