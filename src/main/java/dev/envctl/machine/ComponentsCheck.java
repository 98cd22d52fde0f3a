package dev.envctl.machine;

import java.util.List;
import java.util.stream.Collectors;

/** Whether a group of programs is installed. */
record ComponentsCheck(
        Machine machine, Installed installed, String title, Need need, List<Component> components, String without)
        implements Check {
    /** The programs without which Podman starts no container with published ports. */
    static Check podmanNeeds(Machine machine, Installed installed) {
        return new ComponentsCheck(
                machine,
                installed,
                "Podman's runtime and network",
                Need.PODMAN,
                Component.FOR_PODMAN,
                "Podman cannot start kind's nodes");
    }

    static Check podmanLikes(Machine machine, Installed installed) {
        return new ComponentsCheck(
                machine,
                installed,
                "Podman's companions",
                Need.ADVICE,
                Component.BESIDE_PODMAN,
                "some uses of Podman fail");
    }

    static Check standIns(Machine machine, Installed installed) {
        return new ComponentsCheck(
                machine,
                installed,
                "Tools to build stand-in images",
                Need.STAND_INS,
                Component.FOR_STAND_INS,
                "stand-in images cannot be built");
    }

    @Override
    public Verdict look() {
        if (!machine.isLinux() && need != Need.STAND_INS) {
            return Verdict.of(Outcome.notApplicable("Podman's virtual machine brings them"));
        }
        var lacking = components.stream()
                .filter(component -> !component.isIn(installed))
                .toList();
        if (lacking.isEmpty()) {
            return Verdict.of(Outcome.ok(names(components)));
        }
        var manager = PackageManager.of(Distribution.of(machine));
        var problem = "Without %s %s.".formatted(names(lacking), without);
        if (manager != PackageManager.APT && need == Need.STAND_INS) {
            problem += " They are built with Debian's tools: build them on Debian or Ubuntu and carry them over"
                    + " (envctl images save, envctl images load).";
        }
        return Verdict.of(
                Outcome.missing(problem, manager.commands(machine, lacking)),
                InstallPackages.of(machine, manager, lacking));
    }

    private static String names(List<Component> components) {
        return components.stream().map(Component::debian).collect(Collectors.joining(", "));
    }
}
