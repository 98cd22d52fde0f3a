package dev.envctl.primary;

import dev.envctl.environment.EnvironmentDirectory;
import dev.envctl.process.KnownProcess;
import dev.envctl.process.LifeLine;
import dev.envctl.process.OwnProcess;
import dev.envctl.process.Programs;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Sees to it that nothing stays when primary and owner are both killed: a shell that waits at the end of a pipe from the
 * primary, costs a megabyte and no CPU, and then removes what was left. It is told each owner, and when all is well. Where it is
 * killed itself another is started.
 */
final class Guardian {
    private final Programs programs;
    private final EnvironmentDirectory directory;
    private final List<String> reaper;
    private final List<KnownProcess> owners;
    private @Nullable LifeLine line;
    private boolean released;

    /** @param reaper the command that removes what a killed primary left */
    Guardian(Programs programs, EnvironmentDirectory directory, List<String> reaper, List<KnownProcess> owners) {
        this.programs = programs;
        this.directory = directory;
        this.reaper = List.copyOf(reaper);
        this.owners = new ArrayList<>(owners);
    }

    /** Starts it where it does not run; does nothing after its release. */
    synchronized void ensure() {
        if (released || (line != null && line.alive())) {
            return;
        }
        var arguments = new ArrayList<>(List.of("sh", "-c", script(), "envctl-guardian"));
        arguments.add(directory.primary().toString());
        arguments.add(Long.toString(OwnProcess.pid()));
        arguments.addAll(reaper);
        var started = LifeLine.start(programs, arguments, directory.primaryLog());
        owners.forEach(owner -> started.tell(word(owner)));
        line = started;
    }

    synchronized void add(KnownProcess owner) {
        owners.add(owner);
        if (line != null) {
            line.tell(word(owner));
        }
    }

    /** Nothing is left that it would have to remove, or it is not to. */
    synchronized void release() {
        released = true;
        if (line != null) {
            line.tell("done");
        }
    }

    private static String word(KnownProcess owner) {
        return "owner %d %d".formatted(owner.pid(), owner.started());
    }

    private static String script() {
        try (InputStream stream = Objects.requireNonNull(Guardian.class.getResourceAsStream("guardian.sh"))) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
