package dev.envctl.engine;

import java.util.Map;

/**
 * A container as the engine lists it.
 *
 * @param name without the leading slash
 * @param state the engine's word for it, in lower case: {@code created}, {@code running}, {@code exited}, …
 * @param labels all its labels
 */
public record Container(String id, String name, String state, Map<String, String> labels) {
    public Container {
        labels = Map.copyOf(labels);
    }

    public boolean running() {
        return state.equals("running");
    }
}
