package dev.envctl.machine;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Whether what this machine needs said in containers.conf is said there, or is Podman's default anyway. */
record PodmanSettingsCheck(Machine machine, Installed installed, PodmanConcern concern) implements Check {
    @Override
    public String title() {
        return concern.title();
    }

    @Override
    public Need need() {
        return Need.PODMAN;
    }

    @Override
    public Verdict look() {
        var settings = new PodmanSettings(machine, installed);
        var lines = settings.lines(concern);
        if (lines.isEmpty()) {
            return Verdict.of(Outcome.notApplicable("Podman's own defaults suit this machine"));
        }
        var lacking = lines.stream().filter(line -> !settings.isMet(line)).toList();
        if (lacking.isEmpty()) {
            return Verdict.of(
                    Outcome.ok(lines.stream().map(line -> found(settings, line)).collect(Collectors.joining("; "))));
        }
        var obstacle = lacking.stream()
                .map(settings::obstacle)
                .flatMap(Optional::stream)
                .findFirst();
        var why = lacking.get(0).why();
        var problem = why
                + obstacle.map(text -> " " + text)
                        .orElse(" Podman must be told: %s = %s."
                                .formatted(lacking.get(0).key(), lacking.get(0).value()));
        if (obstacle.isPresent()) {
            return Verdict.of(Outcome.wrong(problem, byHand(lacking)));
        }
        var outcome = Outcome.wrong(problem, write(settings.ours()));
        return Verdict.of(
                outcome, machine.isRoot() ? Optional.of(ConfigurePodman.with(settings.ours())) : Optional.empty());
    }

    private static String found(PodmanSettings settings, PodmanLine line) {
        return settings.inForce(line)
                .map(setting -> "%s = %s in %s".formatted(setting.key(), setting.value(), setting.file()))
                .orElse(line.key() + " is Podman's default");
    }

    private List<String> write(List<PodmanLine> lines) {
        var text = Stream.concat(Stream.of(PodmanConfiguration.HEADER), ConfigurePodman.entries(lines).stream())
                .map(entry -> "'" + entry + "'")
                .collect(Collectors.joining(" "));
        return List.of(
                PackageManager.asRoot(machine, "mkdir -p /etc/containers/containers.conf.d"),
                "printf '%%s\\n' %s | %s"
                        .formatted(text, PackageManager.asRoot(machine, "tee " + PodmanConfiguration.OURS)));
    }

    /** Which file it belongs in is the owner's to say: the lines themselves, as comments a shell ignores. */
    private static List<String> byHand(List<PodmanLine> lines) {
        return ConfigurePodman.entries(lines).stream()
                .map(entry -> "# in that file: " + entry)
                .toList();
    }
}
