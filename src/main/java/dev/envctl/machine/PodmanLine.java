package dev.envctl.machine;

import java.util.Optional;
import java.util.function.Predicate;

/**
 * A setting that Podman must have on this machine.
 *
 * @param value what to write where it has to be set, as TOML
 * @param why one sentence, for those who read the file
 * @param suffices whether a value as set, or empty for Podman's default, is good enough
 */
record PodmanLine(String table, String key, String value, String why, Predicate<Optional<String>> suffices) {
    boolean isMetBy(Optional<PodmanConfiguration.Setting> setting) {
        return suffices.test(setting.map(PodmanConfiguration.Setting::value));
    }
}
