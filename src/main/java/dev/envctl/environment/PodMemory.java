package dev.envctl.environment;

import dev.envctl.EnvctlException;
import dev.envctl.engine.Engine;
import dev.envctl.process.OwnProcess;
import dev.envctl.readiness.Deadline;
import dev.envctl.spec.ClusterSpec.EngineChoice;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The most memory that pods of a running environment have taken, as the kernel has counted it for the control group of the
 * whole pod. Nothing is sampled: a peak of a millisecond counts, and so do files in memory. Safe to use from several
 * threads.
 */
public final class PodMemory implements AutoCloseable {
    private static final Duration CALL = Duration.ofSeconds(10);

    /** memory.peak: version 2, Linux 5.19. systemd's names of groups have underscores. */
    private static final String PEAK = """
            uid=$1
            for group in $(find /sys/fs/cgroup -type d \\( -name "*pod$uid*" -o -name "*pod$(echo "$uid" | tr - _)*" \\) 2>/dev/null)
            do
                for file in memory.peak memory.max_usage_in_bytes
                do
                    if [ -r "$group/$file" ]; then cat "$group/$file"; exit; fi
                done
            done
            """;

    private final Tools tools;
    private final EngineChoice choice;
    private final Path scratch;
    private @Nullable Engine engine;
    private boolean silent;

    /** Asks nobody yet. */
    public PodMemory(Tools tools, HandOff running) {
        this.tools = tools;
        this.choice = EngineChoice.valueOf(running.cluster().engine().toUpperCase(Locale.ROOT));
        // Where no engine serves, one is started for the question, with its socket and log here.
        this.scratch = tools.cache().path().resolve("memory-" + OwnProcess.pid());
    }

    /**
     * That of one pod that is still there.
     *
     * @param uid the pod's
     * @return bytes; empty where the engine or the kernel does not tell
     */
    public synchronized OptionalLong peak(String node, String uid) {
        if (silent || !uid.matches("[0-9a-f-]{36}")) {
            return OptionalLong.empty();
        }
        try {
            var said = engine().execute(node, List.of("sh", "-c", PEAK, "peak", uid), Deadline.in(CALL));
            var number = said.output().strip();
            return number.matches("\\d{1,18}") ? OptionalLong.of(Long.parseLong(number)) : OptionalLong.empty();
        } catch (EnvctlException e) {
            // It is not asked again for each pod.
            silent = true;
            return OptionalLong.empty();
        }
    }

    private Engine engine() {
        var known = engine;
        if (known == null) {
            EnvironmentDirectory.privateDirectory(scratch);
            known = tools.engines().find(choice, CALL, scratch);
            engine = known;
        }
        return known;
    }

    @Override
    public synchronized void close() {
        if (engine != null) {
            engine.close();
        }
        EnvironmentDirectory.delete(scratch);
    }
}
