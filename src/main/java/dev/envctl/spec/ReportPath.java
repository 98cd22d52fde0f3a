package dev.envctl.spec;

import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Where a suite's reports are in its container.
 *
 * @param text as written, absolute: a folder with all below it, or a pattern such as {@code /app/target/*.xml}
 */
public record ReportPath(String text) {
    private static final Pattern WILDCARD = Pattern.compile("[*?\\[{]");

    /** @throws PatternSyntaxException where it is no pattern */
    public ReportPath {
        matcher(text);
    }

    /** The folder that holds all that can match. */
    public String folder() {
        var known = new ArrayList<String>();
        for (var part : text.substring(1).split("/", -1)) {
            if (WILDCARD.matcher(part).find()) {
                break;
            }
            known.add(part);
        }
        return "/" + String.join("/", known);
    }

    /** Whether a file of the container, by its absolute path, is one of them. */
    public boolean matches(String file) {
        return matcher(text).matches(Path.of(file));
    }

    private static PathMatcher matcher(String text) {
        var pattern = WILDCARD.matcher(text).find() ? text : text + "/**";
        return FileSystems.getDefault().getPathMatcher("glob:" + pattern);
    }
}
