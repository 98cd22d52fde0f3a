package dev.envctl.machine;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How a distribution installs software. envctl itself drives apt only; for the others it says what to run. */
enum PackageManager {
    APT("apt-get install -y --no-install-recommends "),
    DNF("dnf install -y "),
    ZYPPER("zypper --non-interactive install "),
    PACMAN("pacman -S --needed --noconfirm "),
    APK("apk add "),
    BREW("brew install "),
    NONE("");

    private static final Map<String, PackageManager> BY_FAMILY = Map.of(
            "debian", APT,
            "ubuntu", APT,
            "fedora", DNF,
            "rhel", DNF,
            "suse", ZYPPER,
            "opensuse", ZYPPER,
            "arch", PACMAN,
            "alpine", APK,
            "macos", BREW);

    private final String install;

    PackageManager(String install) {
        this.install = install;
    }

    static PackageManager of(Distribution distribution) {
        return distribution.families().stream()
                .filter(BY_FAMILY::containsKey)
                .findFirst()
                .map(BY_FAMILY::get)
                .orElse(NONE);
    }

    /** The commands that install these, with sudo where it takes another user than this one. */
    List<String> commands(Machine machine, Collection<Component> components) {
        var names = components.stream()
                .map(component -> component.packageFor(this))
                .flatMap(Optional::stream)
                .distinct()
                .toList();
        if (names.isEmpty()) {
            return List.of();
        }
        var command = install + String.join(" ", names);
        return switch (this) {
            case NONE -> List.of();
            case BREW -> List.of(command);
            case APT -> List.of(asRoot(machine, "apt-get update"), asRoot(machine, command));
            default -> List.of(asRoot(machine, command));
        };
    }

    /** The command as it is for root, behind sudo for anybody else. */
    static String asRoot(Machine machine, String command) {
        return machine.isRoot() ? command : "sudo " + command;
    }
}
