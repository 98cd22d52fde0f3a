package dev.envctl.machine;

import dev.envctl.process.Programs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** Which programs are installed, on the search path or not. */
record Installed(Machine machine, Programs programs) {
    /** Also where an ordinary user's search path does not lead: Debian keeps runc, ip and iptables in sbin. */
    Optional<Path> program(String name) {
        return programs.find(name)
                .or(() -> in(name, "/usr/bin", "/usr/sbin", "/usr/local/bin", "/usr/local/sbin", "/bin", "/sbin"));
    }

    /** A program that Podman calls and people do not, in the folders of containers.conf's helper_binaries_dir. */
    Optional<Path> helper(String name) {
        return in(
                        name,
                        "/usr/local/libexec/podman",
                        "/usr/local/lib/podman",
                        "/usr/libexec/podman",
                        "/usr/lib/podman",
                        "/usr/libexec/" + name)
                .or(() -> program(name));
    }

    Optional<Path> in(String name, String... folders) {
        return Stream.of(folders)
                .map(folder -> machine.at(folder).resolve(name))
                .filter(Files::isRegularFile)
                .findFirst();
    }
}
