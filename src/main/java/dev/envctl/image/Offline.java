package dev.envctl.image;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Whether nobody on the network may be asked: {@code --offline}, or {@code ENVCTL_OFFLINE}. */
final class Offline {
    /** What {@code --offline} sets for the primary. */
    static final String VARIABLE = "ENVCTL_OFFLINE";

    private final String setting;

    /** @param environment the process environment; a wrong setting is refused only when it is used */
    Offline(Map<String, String> environment) {
        this.setting = environment.getOrDefault(VARIABLE, "").strip().toLowerCase(Locale.ROOT);
    }

    boolean asked() {
        return switch (setting) {
            case "", "0", "false", "no" -> false;
            case "1", "true", "yes" -> true;
            default ->
                throw new EnvctlException(
                        FailureKind.USAGE,
                        "%s is `%s`, which is neither true nor false.".formatted(VARIABLE, setting),
                        "Set it to 1 or 0.");
        };
    }

    /** @throws EnvctlException PREREQUISITE before a registry would be asked */
    void refuse(String host) {
        if (asked()) {
            throw new EnvctlException(
                    FailureKind.PREREQUISITE,
                    "%s may not be asked: envctl is offline.".formatted(host),
                    "Leave out --offline, or unset %s.".formatted(VARIABLE));
        }
    }

    /** @throws EnvctlException PREREQUISITE if images would have to be fetched or built, with the way to get them */
    void refuse(List<PinnedImage> missing) {
        if (!missing.isEmpty() && asked()) {
            var names = missing.stream().map(PinnedImage::name).toList();
            throw new EnvctlException(
                    FailureKind.PREREQUISITE,
                    "Offline, and not on this machine: %s.".formatted(String.join(", ", names)),
                    "Where there is a network: `envctl images warm`, then `envctl images save images.tar %s`; here: `envctl images load images.tar`."
                            .formatted(String.join(" ", names)),
                    missing.stream()
                            .map(image -> "%s is %s@%s".formatted(image.name(), image.tagged(), image.digest()))
                            .collect(Collectors.toList()),
                    null);
        }
    }
}
