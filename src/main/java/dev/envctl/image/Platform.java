package dev.envctl.image;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * What an image runs on, in the words of the OCI image specification.
 *
 * @param os such as {@code linux}
 * @param architecture such as {@code amd64}
 */
public record Platform(String os, String architecture) {
    private static final Pattern WORD = Pattern.compile("[a-z0-9]+");

    public Platform {
        if (!WORD.matcher(os).matches() || !WORD.matcher(architecture).matches()) {
            throw new IllegalArgumentException(
                    "`%s/%s` is no platform such as linux/amd64".formatted(os, architecture));
        }
    }

    static Platform parse(String text) {
        var slash = text.indexOf('/');
        return slash < 0 ? new Platform(text, "") : new Platform(text.substring(0, slash), text.substring(slash + 1));
    }

    /** Linux on this machine's processor: containers run on Linux everywhere, on some hosts inside a virtual machine. */
    public static Platform ofThisMachine() {
        return forProcessor(System.getProperty("os.arch", ""));
    }

    static Platform forProcessor(String name) {
        var architecture = switch (name.toLowerCase(Locale.ROOT)) {
            case "amd64", "x86_64" -> "amd64";
            case "aarch64", "arm64" -> "arm64";
            default -> name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
        };
        return new Platform("linux", architecture);
    }

    @Override
    public String toString() {
        return os + "/" + architecture;
    }
}
