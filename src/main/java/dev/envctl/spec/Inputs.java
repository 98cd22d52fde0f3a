package dev.envctl.spec;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What the settings of an environment were read from, as digests. As long as none of it changes the settings are the
 * same, and to know that nobody needs to read them again.
 *
 * @param files by absolute path: SHA-256 of a file's content or of the names in a folder, or {@code absent}
 * @param rest SHA-256 of what stands in no file: the overrides, and which build of envctl reads
 */
public record Inputs(Map<String, String> files, String rest) {
    private static final String ABSENT = "absent";

    public Inputs {
        files = Collections.unmodifiableMap(new TreeMap<>(files));
    }

    /** Of which nobody knows that they still hold. */
    public static Inputs unknown() {
        return new Inputs(Map.of(), "");
    }

    /**
     * Digests all that an environment was read from.
     *
     * @param others files that were read as well; they need not exist
     * @param build tells one build of envctl from another: they may read the same text in different ways
     * @throws UncheckedIOException if one of them cannot be read
     */
    public static Inputs of(EnvironmentSpec spec, Overrides overrides, List<Path> others, String build) {
        var digests = new TreeMap<String, String>();
        others.forEach(file -> add(digests, file));
        add(digests, spec.file());
        spec.postgres().ifPresent(postgres -> {
            postgres.init().forEach(path -> add(digests, path));
            postgres.initFiles().forEach(file -> add(digests, file));
        });
        for (var manifest : spec.manifests()) {
            add(digests, manifest.path());
            manifest.files().forEach(file -> add(digests, file));
        }
        return new Inputs(digests, rest(overrides, build));
    }

    /** Whether everything is as it was; false where that cannot be seen. */
    public boolean hold(Overrides overrides, String build) {
        if (files.isEmpty() || !rest.equals(rest(overrides, build))) {
            return false;
        }
        try {
            return files.entrySet().stream()
                    .allMatch(file -> digest(Path.of(file.getKey())).equals(file.getValue()));
        } catch (UncheckedIOException e) {
            return false;
        }
    }

    private static void add(Map<String, String> digests, Path path) {
        digests.put(path.toString(), digest(path));
    }

    private static String digest(Path path) {
        try {
            if (Files.isDirectory(path)) {
                return Fingerprint.hex(names(path).getBytes(StandardCharsets.UTF_8));
            }
            return Files.exists(path) ? Fingerprint.hex(Files.readAllBytes(path)) : ABSENT;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String names(Path folder) throws IOException {
        try (var children = Files.list(folder)) {
            return children.map(Path::toString).sorted().collect(Collectors.joining("\0"));
        }
    }

    private static String rest(Overrides overrides, String build) {
        return Fingerprint.hex((build + "\0" + overrides.text()).getBytes(StandardCharsets.UTF_8));
    }
}
