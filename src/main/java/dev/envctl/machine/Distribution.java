package dev.envctl.machine;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which distribution of an operating system this is, from os-release(5).
 *
 * @param id such as {@code debian}; empty where nothing tells
 * @param families this and the distributions it descends from
 * @param version such as 12 or 24.04; empty for rolling releases
 * @param name as people say it
 */
record Distribution(String id, Set<String> families, Optional<Version> version, String name) {
    static Distribution of(Machine machine) {
        if (machine.isMac()) {
            return new Distribution("macos", Set.of("macos"), Optional.empty(), "macOS");
        }
        var lines = machine.exists("/etc/os-release")
                ? machine.lines("/etc/os-release")
                : machine.lines("/usr/lib/os-release");
        Map<String, String> fields = lines.stream()
                .filter(line -> line.contains("=") && !line.startsWith("#"))
                .collect(Collectors.toMap(
                        line -> line.substring(0, line.indexOf('=')),
                        line -> unquoted(line.substring(line.indexOf('=') + 1)),
                        (first, second) -> second));
        var id = fields.getOrDefault("ID", "").toLowerCase(Locale.ROOT);
        var families = Stream.concat(
                        Stream.of(id),
                        Stream.of(fields.getOrDefault("ID_LIKE", "")
                                .toLowerCase(Locale.ROOT)
                                .split(" ")))
                .filter(family -> !family.isBlank())
                .collect(Collectors.toUnmodifiableSet());
        return new Distribution(
                id,
                families,
                Version.in(fields.getOrDefault("VERSION_ID", "")),
                fields.getOrDefault("PRETTY_NAME", machine.system()));
    }

    /** Why this distribution's own Podman is too old; empty where it is new enough or nothing is known against it. */
    Optional<String> oldPodman() {
        if (isOlderThan("ubuntu", new Version(23, 4)) || isOlderThan("debian", new Version(12, 0))) {
            return Optional.of("the Podman of %s is older than 4".formatted(name));
        }
        return Optional.empty();
    }

    /** Whether its package golang-go is at least Go 1.24: Debian 13 and Ubuntu 25.04 are the first. */
    boolean hasNewGo() {
        return version.isPresent()
                && ((id.equals("debian") && !isOlderThan("debian", new Version(13, 0)))
                        || (id.equals("ubuntu") && !isOlderThan("ubuntu", new Version(25, 4))));
    }

    private boolean isOlderThan(String distribution, Version limit) {
        return id.equals(distribution)
                && version.filter(found -> !found.isAtLeast(limit)).isPresent();
    }

    private static String unquoted(String value) {
        var text = value.strip();
        return text.length() > 1 && (text.startsWith("\"") || text.startsWith("'"))
                ? text.substring(1, text.length() - 1)
                : text;
    }
}
