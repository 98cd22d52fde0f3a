package dev.envctl.scripted;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.envctl.environment.EnvironmentDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * What can have happened to a state file while nobody looked.
 *
 * @param file below the environment's directory
 */
record Damage(Kind kind, String file) {
    enum Kind {
        TRUNCATED,
        EMPTY,
        GARBAGE,
        /** Another environment's file of that name. */
        FOREIGN,
        /** Whole JSON, but something is missing; of a journal, a line. */
        INCOMPLETE,
        /** As good as a file that may not be read or written: the tests may run as root, whom permissions do not bind. */
        A_FOLDER,
        GONE
    }

    private static final List<Kind> KINDS = List.of(Kind.values());

    static final List<String> FILES = List.of(
            "journal.jsonl",
            "primary.json",
            "environment.json",
            "kubeconfig",
            "workers/1.json",
            "workers/2.json",
            "workers/1.env",
            "workers/2.kubeconfig",
            "timeline.json",
            "lock");

    static Damage any(Random random) {
        return new Damage(KINDS.get(random.nextInt(KINDS.size())), FILES.get(random.nextInt(FILES.size())));
    }

    /** Does it to a file, if it is there. */
    void to(EnvironmentDirectory directory, Path foreign, Random random) throws IOException {
        var path = directory.path().resolve(file);
        if (!Files.isRegularFile(path)) {
            return;
        }
        var bytes = Files.readAllBytes(path);
        switch (kind) {
            case TRUNCATED -> Files.write(path, Arrays.copyOf(bytes, random.nextInt(bytes.length + 1)));
            case EMPTY -> Files.write(path, new byte[0]);
            case GARBAGE -> {
                var garbage = new byte[1 + random.nextInt(200)];
                random.nextBytes(garbage);
                Files.write(path, garbage);
            }
            case FOREIGN -> Files.write(path, Files.readAllBytes(foreign.resolve(file)));
            case INCOMPLETE -> Files.writeString(path, incomplete(Files.readString(path), random));
            case A_FOLDER -> {
                Files.delete(path);
                Files.createDirectories(path.resolve("in-the-way"));
            }
            case GONE -> Files.delete(path);
        }
    }

    private String incomplete(String text, Random random) {
        if (file.endsWith(".json")) {
            var object = JsonParser.parseString(text).getAsJsonObject();
            remove(object, random);
            return object.toString();
        }
        var lines = new ArrayList<>(text.lines().toList());
        if (!lines.isEmpty()) {
            lines.remove(random.nextInt(lines.size()));
        }
        return String.join("\n", lines) + "\n";
    }

    /** A member of it, or of an object in it. */
    private static void remove(JsonObject object, Random random) {
        var members = List.copyOf(object.keySet());
        if (members.isEmpty()) {
            return;
        }
        var member = members.get(random.nextInt(members.size()));
        if (object.get(member).isJsonObject() && random.nextBoolean()) {
            remove(object.getAsJsonObject(member), random);
        } else {
            object.remove(member);
        }
    }

    /** What a user does who was told that it is in the way. */
    void mend(EnvironmentDirectory directory) {
        if (kind == Kind.A_FOLDER) {
            EnvironmentDirectory.delete(directory.path().resolve(file));
        }
    }
}
