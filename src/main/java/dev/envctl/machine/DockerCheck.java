package dev.envctl.machine;

import dev.envctl.process.Command;
import dev.envctl.process.Finished;
import java.util.List;

/** A Docker client, and a daemon that answers it. */
record DockerCheck(Machine machine, Installed installed) implements Check {
    @Override
    public String title() {
        return "Docker";
    }

    @Override
    public Need need() {
        return Need.DOCKER;
    }

    @Override
    public Verdict look() {
        var programs = installed.programs();
        var path = programs.find("docker");
        if (path.isEmpty()) {
            return Verdict.of(Outcome.missing("Docker is not installed.", install()));
        }
        // kind goes by the same words; Podman's package podman-docker says "podman version".
        var client = Answers.of(programs, Command.of("docker", "-v"));
        if (client.filter(finished -> finished.stdout().startsWith("Docker version"))
                .isEmpty()) {
            return Verdict.of(Outcome.wrong(
                    "%s is not Docker's own client; it said: %s."
                            .formatted(
                                    path.get(), client.map(Answers::firstLine).orElse("nothing")),
                    List.of("docker -v")));
        }
        var daemon = Answers.of(programs, Command.of("docker", "version", "--format", "{{.Server.Version}}"));
        if (daemon.isEmpty()) {
            return Verdict.of(Outcome.wrong(
                    "Docker's daemon did not answer within %d s.".formatted(Examination.LIMIT.toSeconds()), start()));
        }
        return daemon.get().succeeded()
                ? Verdict.of(Outcome.ok("Docker %s answers at %s"
                        .formatted(daemon.get().stdout().strip(), path.get())))
                : Verdict.of(refused(daemon.get()));
    }

    private Outcome refused(Finished answer) {
        var said = answer.stderr()
                .strip()
                .lines()
                .reduce((first, second) -> second)
                .orElse("");
        if (said.contains("permission denied")) {
            return Outcome.wrong(
                    "Docker's daemon refuses %s: %s".formatted(machine.userName(), said),
                    List.of(
                            "sudo usermod -aG docker " + machine.userName(),
                            "# then log in again, so that the new group counts"));
        }
        return Outcome.wrong("Docker's daemon does not answer: " + said, start());
    }

    private List<String> start() {
        if (machine.isMac()) {
            return List.of("open -a Docker");
        }
        return machine.hasSystemd()
                ? List.of(PackageManager.asRoot(machine, "systemctl start docker"))
                : List.of(PackageManager.asRoot(machine, "dockerd") + " &");
    }

    private List<String> install() {
        return switch (PackageManager.of(Distribution.of(machine))) {
            case BREW -> List.of("brew install --cask docker", "open -a Docker");
            case APT ->
                List.of(
                        PackageManager.asRoot(machine, "apt-get update"),
                        PackageManager.asRoot(machine, "apt-get install -y docker.io"));
            case DNF -> List.of(PackageManager.asRoot(machine, "dnf install -y moby-engine"));
            case ZYPPER -> List.of(PackageManager.asRoot(machine, "zypper --non-interactive install docker"));
            case PACMAN -> List.of(PackageManager.asRoot(machine, "pacman -S --needed --noconfirm docker"));
            case APK -> List.of(PackageManager.asRoot(machine, "apk add docker"));
            case NONE -> List.of("# see https://docs.docker.com/engine/install/");
        };
    }
}
