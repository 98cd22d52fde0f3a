package dev.envctl.machine;

import java.util.List;
import java.util.Set;

/** What kind asks of Podman without root, from kind's page on rootless engines. */
record RootlessPodmanCheck(Machine machine, Installed installed) implements Check {
    private static final Set<String> CONTROLLERS = Set.of("cpu", "memory", "pids");

    @Override
    public String title() {
        return "Podman without root";
    }

    @Override
    public Need need() {
        return Need.PODMAN;
    }

    @Override
    public Verdict look() {
        if (!machine.isLinux() || machine.isRoot()) {
            return Verdict.of(
                    Outcome.notApplicable(machine.isRoot() ? "this user is root" : "Podman runs in a virtual machine"));
        }
        return Verdict.of(outcome());
    }

    private Outcome outcome() {
        if (!machine.hasUnifiedCgroups()) {
            return Outcome.wrong(
                    "This machine mounts cgroup v1, on which kind needs root.",
                    List.of(
                            "# Run envctl as root, use Docker, or boot with cgroup v2 only:",
                            "sudo grubby --update-kernel=ALL --args=systemd.unified_cgroup_hierarchy=1"));
        }
        if (!Component.USER_MAPS.isIn(installed)) {
            return Outcome.missing(
                    "The program newuidmap is missing, which Podman needs to run without root.",
                    PackageManager.of(Distribution.of(machine)).commands(machine, List.of(Component.USER_MAPS)));
        }
        if (!hasRange("/etc/subuid") || !hasRange("/etc/subgid")) {
            return Outcome.missing(
                    "%s has no range of its own in /etc/subuid and /etc/subgid.".formatted(machine.userName()),
                    List.of(
                            "sudo usermod --add-subuids 100000-165535 --add-subgids 100000-165535 "
                                    + machine.userName(),
                            "podman system migrate"));
        }
        var controllers = machine.read(delegated());
        if (controllers.isPresent()
                && !Set.of(controllers.get().strip().split(" ")).containsAll(CONTROLLERS)) {
            return Outcome.wrong(
                    "systemd gives %s only these cgroup controllers: %s. kind needs cpu, memory and pids."
                            .formatted(machine.userName(), controllers.get().strip()),
                    List.of(
                            "sudo mkdir -p /etc/systemd/system/user@.service.d",
                            "printf '[Service]\\nDelegate=yes\\n' | sudo tee"
                                    + " /etc/systemd/system/user@.service.d/delegate.conf",
                            "sudo systemctl daemon-reload",
                            "# then log in again"));
        }
        return Outcome.ok("ids and cgroup controllers are delegated to " + machine.userName());
    }

    private String delegated() {
        var id = machine.userId();
        return "/sys/fs/cgroup/user.slice/user-%d.slice/user@%d.service/cgroup.controllers".formatted(id, id);
    }

    private boolean hasRange(String file) {
        return machine.lines(file).stream()
                .anyMatch(line -> line.startsWith(machine.userName() + ":") || line.startsWith(machine.userId() + ":"));
    }
}
