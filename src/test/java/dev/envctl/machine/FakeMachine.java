package dev.envctl.machine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** A Debian 12 with systemd, cgroup v2 and root, in a temporary folder; tests take away what they are about. */
public final class FakeMachine {
    private static final String ALL_CAPABILITIES = "000001ffffffffff";
    static final String WITHOUT_SYS_RESOURCE = "000001fffeffffff";

    private final Path root;
    private final Map<String, String> environment = new HashMap<>();
    private String system = "Linux";
    private String capabilities = ALL_CAPABILITIES;
    private int user;

    public FakeMachine(Path root) {
        this.root = root;
        file("/etc/os-release", "PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\nID=debian\nVERSION_ID=\"12\"\n");
        file("/run/systemd/system/.keep", "");
        file("/sys/fs/cgroup/cgroup.controllers", "cpu memory pids\n");
        file("/proc/1/comm", "systemd\n");
        file("/proc/sys/net/ipv4/ip_forward", "1\n");
        file("/proc/sys/fs/inotify/max_user_instances", "512\n");
        file("/proc/sys/fs/inotify/max_user_watches", "524288\n");
        file("/proc/meminfo", "MemTotal:       16000000 kB\nMemAvailable:   12000000 kB\n");
        file("/lib/modules/.keep", "");
        file("/usr/lib/podman/netavark", "");
        file("/usr/lib/podman/aardvark-dns", "");
        file("/usr/lib/cni/bridge", "");
        file("/var/lib/apt/lists/some_Packages.lz4", "");
        limits(1_048_576, 1_048_576);
        status();
    }

    /** The programs of a machine that lacks nothing but stand-ins' tools. */
    public static ScriptedPrograms programs() {
        return new ScriptedPrograms()
                .has("runc", "iptables", "ip", "newuidmap", "catatonit")
                .says("podman --version", "podman version 4.3.1\n")
                .says("/usr/bin/kind version", "kind v0.33.0 go1.26.8 linux/amd64\n")
                .has("kind")
                .says("go version", "go version go1.26.8 linux/amd64\n");
    }

    FakeMachine file(String absolute, String text) {
        try {
            var file = path(absolute);
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    FakeMachine without(String absolute) {
        try {
            Files.delete(path(absolute));
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As a small virtual machine: no systemd, cgroup v1, root without CAP_SYS_RESOURCE. */
    FakeMachine small() {
        without("/run/systemd/system/.keep").without("/run/systemd/system");
        without("/sys/fs/cgroup/cgroup.controllers");
        file("/proc/1/comm", "init\n");
        limits(20_000, 96_350);
        return capabilities(WITHOUT_SYS_RESOURCE);
    }

    FakeMachine distribution(String osRelease) {
        return file("/etc/os-release", osRelease);
    }

    FakeMachine limits(long files, long processes) {
        return file("/proc/self/limits", """
                Limit                     Soft Limit           Hard Limit           Units
                Max cpu time              unlimited            unlimited            seconds
                Max processes             %d                %d                processes
                Max open files            1024                %d                files
                """.formatted(processes, processes, files));
    }

    FakeMachine capabilities(String mask) {
        capabilities = mask;
        status();
        return this;
    }

    FakeMachine user(int id) {
        user = id;
        status();
        return variable("USER", id == 0 ? "root" : "ann");
    }

    FakeMachine variable(String name, String value) {
        environment.put(name, value);
        return this;
    }

    FakeMachine mac() {
        system = "Mac OS X";
        return without("/proc/self/status").without("/proc/self/limits").without("/proc/meminfo");
    }

    private void status() {
        file(
                "/proc/self/status",
                "Name:\tjava\nPid:\t4711\nUid:\t%d\t%d\t%d\t%d\nCapEff:\t%s\n"
                        .formatted(user, user, user, user, capabilities));
    }

    Path path(String absolute) {
        return root.resolve(absolute.substring(1));
    }

    String text(String absolute) {
        try {
            return Files.readString(path(absolute));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Machine look() {
        return new Machine(root, environment, system, "amd64", Path.of("/home/ann"));
    }
}
