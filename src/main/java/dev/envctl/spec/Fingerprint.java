package dev.envctl.spec;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Everything that shapes an environment, as sorted pairs of a path and a value: two environments with the same pairs
 * can stand in for each other. Time-outs do not shape it, and of suites only their images do.
 *
 * @param entries such as {@code services.postgres.maxConnections → 200}; a file's content stands under {@code content of
 *     RELATIVE PATH}
 */
public record Fingerprint(Map<String, String> entries) {
    /** What the digests of images stand under. */
    public static final String IMAGES = "images.";

    private static final String CONTENT = "content of ";
    private static final String PRESENT = "present";
    private static final String DIGEST = "sha256:";
    private static final int SHORT_DIGEST = DIGEST.length() + 12;

    public Fingerprint {
        entries = Collections.unmodifiableMap(new TreeMap<>(entries));
    }

    /**
     * Reads the files that the environment names and puts them together with everything else.
     *
     * @param extra what the caller knows besides the file, such as {@code images.postgres → sha256:…}
     * @throws UncheckedIOException if a file that the environment names cannot be read
     */
    public static Fingerprint of(EnvironmentSpec spec, Map<String, String> extra) {
        var entries = new TreeMap<>(extra);
        entries.put("name", spec.name());
        entries.put("cluster.provider", lower(spec.cluster().provider()));
        entries.put("cluster.engine", lower(spec.cluster().engine()));
        entries.put("cluster.image", spec.cluster().image());
        entries.put("cluster.workerNodes", Integer.toString(spec.cluster().workerNodes()));
        entries.put("workers.count", Integer.toString(spec.workers().count()));
        entries.put("workers.connections", Integer.toString(spec.workers().connections()));
        entries.put("workers.ports", Integer.toString(spec.workers().ports()));
        entries.put("workers.nodePorts", Integer.toString(spec.workers().nodePorts()));
        entries.put("workers.ahead", Integer.toString(spec.workers().ahead()));
        spec.workers().onDemand().ifPresent(most -> entries.put("workers.onDemand", Integer.toString(most)));
        entries.put("workers.access", lower(spec.workers().access()));
        entries.put("ports.from", Integer.toString(spec.ports().from()));
        entries.put("ports.to", Integer.toString(spec.ports().to()));
        spec.postgres().ifPresent(postgres -> add(entries, postgres, spec));
        spec.redis().ifPresent(redis -> add(entries, redis));
        for (var i = 0; i < spec.manifests().size(); i++) {
            var manifest = spec.manifests().get(i);
            entries.put("manifests[%d].path".formatted(i), relative(spec, manifest.path()));
            entries.put("manifests[%d].namespace".formatted(i), manifest.namespace());
            addContents(entries, spec, manifest.files());
        }
        return new Fingerprint(entries);
    }

    private static void add(Map<String, String> entries, PostgresSpec postgres, EnvironmentSpec spec) {
        var service = "services.postgres";
        entries.put(service, PRESENT);
        entries.put(service + ".image", postgres.image());
        entries.put(service + ".database", postgres.database());
        entries.put(service + ".maxConnections", Integer.toString(postgres.maxConnections()));
        entries.put(service + ".storage", lower(postgres.storage()));
        entries.put(service + ".resources.memory", postgres.resources().memory());
        postgres.port().ifPresent(port -> entries.put(service + ".port", Integer.toString(port)));
        postgres.settings().forEach((name, value) -> entries.put(service + ".settings." + name, value));
        for (var i = 0; i < postgres.init().size(); i++) {
            entries.put(
                    "%s.init[%d]".formatted(service, i),
                    relative(spec, postgres.init().get(i)));
        }
        addContents(entries, spec, postgres.initFiles());
    }

    private static void add(Map<String, String> entries, RedisSpec redis) {
        var service = "services.redis";
        entries.put(service, PRESENT);
        entries.put(service + ".image", redis.image());
        entries.put(service + ".databases", Integer.toString(redis.databases()));
        entries.put(service + ".isolation", lower(redis.isolation()));
        entries.put(service + ".storage", lower(redis.storage()));
        entries.put(service + ".resources.memory", redis.resources().memory());
        redis.port().ifPresent(port -> entries.put(service + ".port", Integer.toString(port)));
    }

    private static void addContents(Map<String, String> entries, EnvironmentSpec spec, List<Path> files) {
        for (var file : files) {
            try {
                entries.put(CONTENT + relative(spec, file), DIGEST + hex(Files.readAllBytes(file)));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /**
     * What differs from the entries of a running environment, one readable line each, sorted by path; empty where
     * nothing does.
     */
    public List<String> differences(Map<String, String> running) {
        var paths = new TreeSet<>(entries.keySet());
        paths.addAll(running.keySet());
        var lines = new ArrayList<String>();
        var told = "";
        for (var path : paths) {
            var here = entries.get(path);
            var there = running.get(path);
            // An image that nobody wants any more does no harm.
            if (here == null && path.startsWith(IMAGES)) {
                continue;
            }
            // That a service is missing says all there is to say about its settings.
            if ((here != null && here.equals(there)) || (!told.isEmpty() && path.startsWith(told))) {
                continue;
            }
            if (PRESENT.equals(here) || PRESENT.equals(there)) {
                told = path + ".";
            }
            lines.add(difference(path, here, there));
        }
        return lines;
    }

    /** Stands for all the pairs: SHA-256 as 64 hexadecimal digits. */
    public String digest() {
        var text = new StringBuilder();
        entries.forEach(
                (path, value) -> text.append(path).append('\0').append(value).append('\0'));
        return hex(text.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static String difference(String path, @Nullable String here, @Nullable String there) {
        if (path.startsWith(CONTENT) && here != null && there != null) {
            return path + " has changed since the running environment was created";
        }
        return "%s: %s here, %s in the running environment".formatted(path, shown(here), shown(there));
    }

    private static String shown(@Nullable String value) {
        if (value == null) {
            return "absent";
        }
        return value.startsWith(DIGEST) && value.length() > SHORT_DIGEST ? value.substring(0, SHORT_DIGEST) : value;
    }

    private static String relative(EnvironmentSpec spec, Path path) {
        var directory = spec.file().getParent();
        return (directory == null ? path : directory.relativize(path))
                .toString()
                .replace('\\', '/');
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static String hex(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
