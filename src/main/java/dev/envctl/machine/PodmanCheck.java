package dev.envctl.machine;

import dev.envctl.process.Command;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Podman 4 or newer. */
record PodmanCheck(Machine machine, Installed installed) implements Check {
    private static final Version OLDEST = new Version(4, 0);
    private static final List<String> START_ON_MAC = List.of("podman machine init --rootful", "podman machine start");

    @Override
    public String title() {
        return "Podman";
    }

    @Override
    public Need need() {
        return Need.PODMAN;
    }

    @Override
    public Verdict look() {
        var distribution = Distribution.of(machine);
        var path = installed.programs().find("podman");
        if (path.isEmpty()) {
            return missing(distribution);
        }
        var answer = Answers.of(installed.programs(), Command.of("podman", "--version"));
        var version = answer.flatMap(finished -> Version.in(finished.stdout()));
        if (version.isEmpty()) {
            var said = answer.map(Answers::firstLine).orElse("nothing within " + Examination.LIMIT.toSeconds() + " s");
            return Verdict.of(Outcome.wrong(
                    "`podman --version` does not tell a version; it said: %s.".formatted(said),
                    List.of("podman --version")));
        }
        if (!version.get().isAtLeast(OLDEST)) {
            return Verdict.of(Outcome.wrong(
                    "%s is Podman %s; envctl needs %s or newer.".formatted(path.get(), version.get(), OLDEST),
                    newer(distribution)));
        }
        return machine.isMac()
                ? answersOnMac(version.get())
                : Verdict.of(Outcome.ok("%s at %s".formatted(words(answer.get().stdout()), path.get())));
    }

    private Verdict missing(Distribution distribution) {
        var manager = PackageManager.of(distribution);
        var old = distribution.oldPodman();
        if (old.isPresent()) {
            return Verdict.of(
                    Outcome.missing("Podman is not installed, and %s.".formatted(old.get()), newer(distribution)));
        }
        var wanted = new ArrayList<>(List.of(Component.PODMAN));
        if (machine.isLinux()) {
            Component.FOR_PODMAN.stream()
                    .filter(component -> !component.isIn(installed))
                    .forEach(wanted::add);
        }
        var commands = new ArrayList<>(manager.commands(machine, wanted));
        if (machine.isMac()) {
            commands.addAll(START_ON_MAC);
        }
        return Verdict.of(
                Outcome.missing("Podman is not installed.", commands), InstallPackages.of(machine, manager, wanted));
    }

    /** Where the distribution's own Podman will not do, Docker's package will. */
    private List<String> newer(Distribution distribution) {
        if (PackageManager.of(distribution) != PackageManager.APT) {
            return PackageManager.of(distribution).commands(machine, List.of(Component.PODMAN));
        }
        return List.of(
                "# Install a newer Podman (https://podman.io/docs/installation), or use Docker:",
                PackageManager.asRoot(machine, "apt-get install -y docker.io"));
    }

    private Verdict answersOnMac(Version version) {
        var server =
                Answers.of(installed.programs(), Command.of("podman", "version", "--format", "{{.Server.Version}}"));
        if (server.filter(finished -> finished.succeeded()).isEmpty()) {
            return Verdict.of(Outcome.wrong(
                    "Podman %s is installed, but its virtual machine does not answer.".formatted(version),
                    START_ON_MAC));
        }
        return Verdict.of(Outcome.ok("Podman %s, whose virtual machine answers".formatted(version)));
    }

    private static String words(String version) {
        return Optional.of(version.strip())
                .filter(text -> text.startsWith("podman version "))
                .map(text -> "Podman " + text.substring("podman version ".length()))
                .orElse(version.strip());
    }
}
