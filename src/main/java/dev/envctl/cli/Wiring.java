package dev.envctl.cli;

import dev.envctl.client.Installation;
import dev.envctl.environment.Tools;
import java.util.Map;

/** The build of envctl that this process is. */
final class Wiring {
    private Wiring() {}

    static Installation installation() {
        return Installation.ofThisProcess();
    }

    static Tools tools(Map<String, String> variables) {
        return installation().tools(variables);
    }

    /** Tells one build of envctl from another: the launcher gives each a folder of its own. */
    static String build() {
        return installation().build();
    }
}
