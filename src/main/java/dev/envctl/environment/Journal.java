package dev.envctl.environment;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import dev.envctl.EnvctlException;
import dev.envctl.process.OwnProcess;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Intent and outcome of every side effect, one JSON object per line: {@code time, epoch, step, event} (one of
 * {@code intent, done, failed}) and what the step needs to be undone. Each line is on disk before the call returns, so
 * after a crash everything that may exist is named here.
 */
public final class Journal implements AutoCloseable {
    /** The step that stands at the head of an environment's life and names its identity. */
    public static final String BEGIN = "begin";
    /** The step whose outcome says that the environment is whole. */
    public static final String HAND_OFF = "hand off";

    private final FileChannel channel;
    private final Path file;
    private final int epoch;
    /** Whether the last line may lack its end, because a crash or a full disk cut it: the next one must stand alone. */
    private boolean torn;

    private Journal(Path file, FileChannel channel, int epoch, boolean torn) {
        this.file = file;
        this.channel = channel;
        this.epoch = epoch;
        this.torn = torn;
    }

    /** Opens the journal to add to it. A last line that a crash tore stays without effect. */
    public static Journal append(Path file, int epoch) {
        try {
            var torn = EnvironmentDirectory.read(file)
                    .filter(text -> !text.isEmpty() && !text.endsWith("\n"))
                    .isPresent();
            var channel = FileChannel.open(
                    file,
                    Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            return new Journal(file, channel, epoch, torn);
        } catch (IOException e) {
            throw EnvironmentDirectory.unwritable(file, e);
        }
    }

    /** Runs a side effect between its intent and its outcome. */
    public void around(String step, Map<String, String> facts, Runnable effect) {
        write(step, "intent", facts);
        try {
            effect.run();
        } catch (RuntimeException e) {
            writeFailure(step, e);
            throw e;
        }
        write(step, "done", Map.of());
    }

    /** Where the journal cannot be written either, the failure of the effect is still the one to tell. */
    private void writeFailure(String step, RuntimeException failure) {
        try {
            write(step, "failed", Map.of("reason", String.valueOf(failure.getMessage())));
        } catch (EnvctlException e) {
            failure.addSuppressed(e);
        }
    }

    /** The head of an environment's life, or of a part of it that a new primary begins. */
    void begin(Identity identity, EnvironmentDirectory directory, String engine, String address, String madeFrom) {
        write(
                BEGIN,
                "done",
                Map.of(
                        "name", identity.name(),
                        "id", identity.id(),
                        "traceId", identity.traceId(),
                        "directory", directory.path().toString(),
                        "engine", engine,
                        "address", address,
                        "madeFrom", madeFrom,
                        "bootId", OwnProcess.bootId(),
                        "pid", Long.toString(OwnProcess.pid())));
    }

    public synchronized void write(String step, String event, Map<String, String> facts) {
        var line = new JsonObject();
        line.addProperty("time", Instant.now().toString());
        line.addProperty("epoch", epoch);
        line.addProperty("step", step);
        line.addProperty("event", event);
        facts.forEach(line::addProperty);
        try {
            var bytes = StandardCharsets.UTF_8.encode((torn ? "\n" : "") + line + "\n");
            torn = true;
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            torn = false;
            channel.force(false);
        } catch (IOException e) {
            throw EnvironmentDirectory.unwritable(file, e);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw EnvironmentDirectory.unwritable(file, e);
        }
    }

    /** One line of a journal. */
    public record Entry(int epoch, String step, String event, Map<String, String> facts) {
        public Entry {
            facts = Map.copyOf(facts);
        }
    }

    /** All whole lines of a journal; lines that a crash tore are left out. Empty where there is no journal. */
    public static List<Entry> read(Path file) {
        var entries = new ArrayList<Entry>();
        for (var line : EnvironmentDirectory.read(file).orElse("").split("\n", -1)) {
            parse(line).ifPresent(entries::add);
        }
        return entries;
    }

    private static Optional<Entry> parse(String line) {
        if (line.isBlank()) {
            return Optional.empty();
        }
        try {
            var object = JsonParser.parseString(line).getAsJsonObject();
            var facts = new LinkedHashMap<String, String>();
            object.entrySet()
                    .forEach(member ->
                            facts.put(member.getKey(), member.getValue().getAsString()));
            var epoch = Integer.parseInt(facts.getOrDefault("epoch", "0"));
            return Optional.of(
                    new Entry(epoch, facts.getOrDefault("step", ""), facts.getOrDefault("event", ""), facts));
        } catch (JsonParseException | IllegalStateException | NumberFormatException | UnsupportedOperationException e) {
            return Optional.empty();
        }
    }
}
