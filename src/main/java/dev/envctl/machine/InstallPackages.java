package dev.envctl.machine;

import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Installs packages of Debian or one of its descendants. */
record InstallPackages(SortedSet<Component> components) implements Mend {
    InstallPackages {
        components = Collections.unmodifiableSortedSet(new TreeSet<>(components));
    }

    /** Empty where this user may not, or envctl does not drive that package manager. */
    static Optional<InstallPackages> of(Machine machine, PackageManager manager, Collection<Component> components) {
        var ofPodman = components.stream()
                .anyMatch(component -> component == Component.PODMAN || Component.FOR_PODMAN.contains(component));
        var tooOld = ofPodman && Distribution.of(machine).oldPodman().isPresent();
        return manager == PackageManager.APT && machine.isRoot() && !tooOld
                ? Optional.of(new InstallPackages(new TreeSet<>(components)))
                : Optional.empty();
    }

    InstallPackages and(InstallPackages others) {
        var all = new TreeSet<>(components);
        all.addAll(others.components);
        return new InstallPackages(all);
    }

    @Override
    public String phase() {
        return "install packages";
    }

    @Override
    public String sentence() {
        return "Install with apt-get: %s. No service of theirs is started.".formatted(names());
    }

    @Override
    public boolean needsNetwork() {
        return true;
    }

    @Override
    public Duration estimate() {
        return Duration.ofSeconds(20 + 5L * components.size());
    }

    @Override
    public void perform(Workshop workshop) {
        var names = components.stream().map(Component::debian).toList();
        var apt = new Apt(workshop);
        try (var starts = ServiceStarts.forbid(workshop)) {
            apt.install(names);
            if (components.contains(Component.REGISTRY)) {
                starts.keepOff("docker-registry");
            }
        }
    }

    private String names() {
        return components.stream().map(Component::debian).collect(Collectors.joining(" "));
    }
}
