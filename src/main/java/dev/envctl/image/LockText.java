package dev.envctl.image;

import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The text of a lock file. Written so that a change of one image changes only its own lines: sorted, one value a line,
 * always the same quotes.
 */
final class LockText {
    static final String COMMITTED = "# Written by `envctl images lock`: change it with that command, not by hand.\n";
    static final String OF_THIS_MACHINE = "# Written by `envctl setup`: the stand-ins that this machine built.\n";

    private static final Pattern PLAIN = Pattern.compile("[a-z][A-Za-z0-9./_:-]*[A-Za-z0-9]");
    private static final Set<String> NOT_TEXT = Set.of("true", "false", "null", "yes", "no", "on", "off");

    private LockText() {}

    static String write(String header, List<LockEntry> entries) {
        var text = new StringBuilder(header).append("images:");
        if (entries.isEmpty()) {
            text.append(" []");
        }
        text.append('\n');
        entries.stream()
                .sorted(Comparator.comparing((LockEntry entry) -> entry.image().name())
                        .thenComparing(entry -> String.valueOf(entry.recipe())))
                .forEach(entry -> write(entry, text));
        return text.toString();
    }

    private static void write(LockEntry entry, StringBuilder text) {
        var image = entry.image();
        text.append("  - name: ").append(scalar(image.name())).append('\n');
        line(text, "repository", scalar(image.repository()));
        line(text, "tag", quoted(image.tag()));
        line(text, "digest", image.digest().value());
        if (!image.platforms().isEmpty()) {
            line(text, "platforms", "");
            image.platforms()
                    .forEach((platform, content) -> text.append("      %s: {digest: %s, size: %d}\n"
                            .formatted(platform, content.digest(), content.size())));
        }
        image.recipe().ifPresent(build -> line(text, "build", scalar(build)));
        if (entry.recipe() != null) {
            line(text, "recipe", quoted(entry.recipe()));
        }
    }

    private static void line(StringBuilder text, String key, String value) {
        text.append("    ").append(key).append(':');
        if (!value.isEmpty()) {
            text.append(' ').append(value);
        }
        text.append('\n');
    }

    private static String scalar(String value) {
        return PLAIN.matcher(value).matches() && !NOT_TEXT.contains(value) ? value : quoted(value);
    }

    private static String quoted(String value) {
        return '"' + value + '"';
    }
}
