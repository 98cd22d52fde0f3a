package dev.envctl.kubernetes;

import java.util.Map;

/** Reads events. */
final class Events {
    private Events() {}

    /** ISO instant of the last occurrence: sorts as text. */
    static String when(Map<String, Object> event) {
        var fields = Fields.of(event);
        var last = fields.text("lastTimestamp");
        if (!last.isEmpty()) {
            return last;
        }
        var series = fields.text("series", "lastObservedTime");
        return series.isEmpty() ? fields.text("eventTime") : series;
    }

    /** Such as {@code Warning Failed: Error: ErrImageNeverPull (4 times)}. */
    static String line(Map<String, Object> event) {
        var fields = Fields.of(event);
        var count = fields.number("count");
        return "%s %s: %s%s"
                .formatted(
                        fields.text("type"),
                        fields.text("reason"),
                        fields.text("message").strip(),
                        count > 1 ? " (" + count + " times)" : "");
    }
}
