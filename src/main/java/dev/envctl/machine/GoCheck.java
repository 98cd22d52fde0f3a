package dev.envctl.machine;

import dev.envctl.process.Command;
import dev.envctl.process.Programs;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Go 1.24 or newer. */
record GoCheck(Machine machine, Programs programs) implements Check {
    static final Version OLDEST = new Version(1, 24);

    @Override
    public String title() {
        return "Go";
    }

    @Override
    public Need need() {
        return Need.STAND_INS;
    }

    @Override
    public Verdict look() {
        var path = programs.find("go");
        var version = version(machine, programs);
        if (version.filter(found -> found.isAtLeast(OLDEST)).isPresent()) {
            return Verdict.of(Outcome.ok("Go %s at %s".formatted(version.get(), path.orElseThrow())));
        }
        var what = path.isEmpty()
                ? "Go is not installed"
                : "%s is Go %s"
                        .formatted(path.get(), version.map(Version::toString).orElse("of unknown version"));
        return missing(what + "; stand-in images are built with Go %s or newer.".formatted(OLDEST), path.isEmpty());
    }

    private Verdict missing(String problem, boolean none) {
        var distribution = Distribution.of(machine);
        var manager = PackageManager.of(distribution);
        if (manager == PackageManager.APT && !distribution.hasNewGo()) {
            return Verdict.of(Outcome.missing(
                    problem,
                    List.of(
                            "# %s packages an older Go: unpack one from https://go.dev/dl/ into /usr/local and run"
                                    .formatted(distribution.name()),
                            "export PATH=/usr/local/go/bin:$PATH")));
        }
        return Verdict.of(
                Outcome.missing(problem, manager.commands(machine, List.of(Component.GO))),
                none ? InstallPackages.of(machine, manager, List.of(Component.GO)) : Optional.empty());
    }

    /** Asked in the root folder and told to stay as it is: a go.mod or go.work nearby could make Go fetch another Go. */
    static Optional<Version> version(Machine machine, Programs programs) {
        if (programs.find("go").isEmpty()) {
            return Optional.empty();
        }
        var command =
                Command.of("go", "version").with(Map.of("GOTOOLCHAIN", "local")).in(machine.root());
        return Answers.of(programs, command).flatMap(finished -> Version.in(finished.stdout()));
    }
}
