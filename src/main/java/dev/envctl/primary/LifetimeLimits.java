package dev.envctl.primary;

import dev.envctl.process.KnownProcess;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What ends an environment besides {@code down}, as it was asked for. Not part of what an environment is made from.
 *
 * @param ttl from the start of its primary; null for no limit
 * @param idle how long nobody may use it once it is ready; null for no limit
 * @param owners when the last of them is gone, the environment goes; with none it stays
 * @param ephemeral whether it goes also when its primary is killed, and not only with the next command
 */
public record LifetimeLimits(
        @Nullable Duration ttl, @Nullable Duration idle, List<KnownProcess> owners, boolean ephemeral) {
    /** Until {@code down}. */
    public static final LifetimeLimits NONE = new LifetimeLimits(null, null, List.of(), false);

    public LifetimeLimits {
        owners = List.copyOf(owners);
    }

    /** Whether there is anything that somebody who attaches would want to tell the primary. */
    public boolean any() {
        return ttl != null || idle != null || !owners.isEmpty();
    }
}
