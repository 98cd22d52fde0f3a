package dev.envctl.service;

import java.util.regex.Pattern;

/**
 * Who holds a lease.
 *
 * @param worker its index, from 1
 * @param label tells this lease from earlier ones of the same index: 1 to 40 letters, digits, dots, hyphens, underscores
 */
public record Lessee(int worker, String label) {
    private static final Pattern LABEL = Pattern.compile("[A-Za-z0-9._-]{1,40}");

    public Lessee {
        if (worker < 1 || !LABEL.matcher(label).matches()) {
            throw new IllegalArgumentException("no lessee: worker %d, label '%s'".formatted(worker, label));
        }
    }

    /** What its connections are called in {@code pg_stat_activity} and {@code CLIENT LIST}. */
    public String name() {
        return "envctl-worker-%d-%s".formatted(worker, label);
    }
}
