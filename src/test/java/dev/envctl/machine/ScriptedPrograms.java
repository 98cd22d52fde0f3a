package dev.envctl.machine;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.process.Background;
import dev.envctl.process.Command;
import dev.envctl.process.Finished;
import dev.envctl.process.Programs;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;

/** Programs that say what the test told them to, and remember what they were asked. */
public final class ScriptedPrograms implements Programs {
    private final Map<String, Path> installed = new ConcurrentHashMap<>();
    private final Map<String, Function<Command, Finished>> answers = new ConcurrentHashMap<>();
    final List<Command> asked = Collections.synchronizedList(new ArrayList<>());

    ScriptedPrograms has(String... programs) {
        for (var program : programs) {
            installed.put(program, Path.of("/usr/bin", program));
        }
        return this;
    }

    ScriptedPrograms hasNot(String program) {
        installed.remove(program);
        return this;
    }

    /** Installs the program too. The beginning is that of the command as it would be pasted. */
    ScriptedPrograms says(String beginning, String stdout) {
        return answers(beginning, 0, stdout, "");
    }

    ScriptedPrograms answers(String beginning, int exitCode, String stdout, String stderr) {
        return does(beginning, command -> new Finished(command, exitCode, stdout, stderr, Duration.ZERO));
    }

    ScriptedPrograms does(String beginning, Function<Command, Finished> effect) {
        if (!beginning.startsWith("/")) {
            has(beginning.split(" ", -1)[0]);
        }
        answers.put(beginning, effect);
        return this;
    }

    static Finished finished(Command command, int exitCode, String stderr) {
        return new Finished(command, exitCode, "", stderr, Duration.ZERO);
    }

    List<String> pasted() {
        return asked.stream().map(Command::paste).toList();
    }

    @Override
    public Finished run(Command command, Consumer<String> onLine) {
        asked.add(command);
        var finished = answers.entrySet().stream()
                .filter(answer -> command.paste().startsWith(answer.getKey()))
                .max(java.util.Comparator.comparingInt(answer -> answer.getKey().length()))
                .orElseThrow(() -> new EnvctlException(
                        FailureKind.PREREQUISITE, "The test told no answer to `%s`.".formatted(command.paste()), ""))
                .getValue()
                .apply(command);
        finished.stdout().lines().forEach(onLine);
        finished.stderr().lines().forEach(onLine);
        return finished;
    }

    @Override
    public Background start(Command command, Path output) {
        throw new UnsupportedOperationException("nothing here runs beside us");
    }

    @Override
    public Optional<Path> find(String program) {
        return Optional.ofNullable(installed.get(program));
    }
}
