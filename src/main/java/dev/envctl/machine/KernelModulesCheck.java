package dev.envctl.machine;

import java.util.List;
import java.util.Optional;

/** kind mounts /lib/modules into its nodes, and Podman refuses to mount what is not there; Docker makes it. */
record KernelModulesCheck(Machine machine) implements Check {
    private static final String FOLDER = "/lib/modules";

    @Override
    public String title() {
        return FOLDER;
    }

    @Override
    public Need need() {
        return Need.PODMAN;
    }

    @Override
    public Verdict look() {
        if (!machine.isLinux()) {
            return Verdict.of(Outcome.notApplicable("Podman's virtual machine has it"));
        }
        if (machine.exists(FOLDER)) {
            return Verdict.of(Outcome.ok("is there"));
        }
        return Verdict.of(
                Outcome.missing(
                        "The folder %s does not exist, and kind mounts it into its nodes.".formatted(FOLDER),
                        List.of(PackageManager.asRoot(machine, "mkdir -p " + FOLDER))),
                machine.isRoot() ? Optional.of(new MakeFolder(FOLDER)) : Optional.empty());
    }
}
