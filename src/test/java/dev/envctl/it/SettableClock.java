package dev.envctl.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Optional;

/**
 * The wall clock of processes that are started with {@link #variables}, by libfaketime (0.9.10): only what they ask the C
 * library for changes, which a JVM does and neither Go nor another process does. The machine's clock stays as it is.
 */
final class SettableClock {
    /** For programs with threads. */
    private static final String LIBRARY = "libfaketimeMT.so.1";

    /** Debian's package, unpacked and not installed. */
    private static final String FETCH = """
            mkdir -p libfaketime && cd libfaketime
            apt-get download libfaketime || { apt-get update && apt-get download libfaketime; }
            dpkg-deb -x libfaketime_*.deb .
            """;

    private final Path library;
    private final Path offset;

    private SettableClock(Path library, Path offset) {
        this.library = library;
        this.offset = offset;
    }

    /** One that goes right at first; without libfaketime the test says that it was not run. */
    static SettableClock in(Project project) {
        var library = find(project.folder()).or(() -> {
            project.bash(FETCH);
            return find(project.folder());
        });
        assumeTrue(
                library.isPresent(), "not run: there is no libfaketime here, and Debian's package cannot be fetched");
        var clock = new SettableClock(library.get(), project.folder().resolve("clock"));
        clock.ahead("+0");
        return clock;
    }

    private static Optional<Path> find(Path folder) {
        try (var files = Files.walk(folder)) {
            return files.filter(file -> file.getFileName().toString().equals(LIBRARY))
                    .findFirst();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Map<String, String> variables() {
        return Map.of(
                "LD_PRELOAD", library.toString(),
                "FAKETIME_TIMESTAMP_FILE", offset.toString(),
                "FAKETIME_NO_CACHE", "1",
                "FAKETIME_DONT_FAKE_MONOTONIC", "1",
                "FAKETIME_DISABLE_SHM", "1");
    }

    /** @param offset from the machine's clock, such as {@code +2h} */
    void ahead(String offset) {
        try {
            var next = this.offset.resolveSibling("clock.next");
            Files.writeString(next, offset + "\n");
            Files.move(next, this.offset, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            assertThat(this.offset).content().startsWith(offset);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
