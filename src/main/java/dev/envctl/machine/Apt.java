package dev.envctl.machine;

import dev.envctl.process.Command;
import dev.envctl.process.Finished;
import dev.envctl.readiness.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Debian's package installation: never asks, never removes, waits for others who install at the same time. */
final class Apt {
    private static final Duration PAUSE = Duration.ofSeconds(2);

    /** Nobody is there to answer; needrestart (Ubuntu) would restart services of the machine's owner. */
    private static final Map<String, String> QUIET = Map.of(
            "DEBIAN_FRONTEND", "noninteractive",
            "NEEDRESTART_SUSPEND", "1",
            "APT_LISTCHANGES_FRONTEND", "none",
            "LC_ALL", "C");

    /** What apt and dpkg end with; "Waiting for cache lock: Could not get lock" is no end. */
    private static final Pattern LOCKED =
            Pattern.compile("E: (Could not get lock|Unable to acquire the dpkg|Unable to lock directory).*"
                    + "|dpkg: error: .*lock was locked by another process.*");

    private static final List<String> STALE_LISTS = List.of(
            "Unable to locate package",
            "has no installation candidate",
            "Unable to fetch some archives",
            "404  Not Found");

    private final Workshop workshop;

    Apt(Workshop workshop) {
        this.workshop = workshop;
    }

    void install(List<String> packages) {
        if (!hasLists()) {
            update();
        }
        var finished = patiently(installation(packages));
        if (says(finished, List.of("dpkg was interrupted"))) {
            workshop.progress().note("An earlier installation was interrupted: it is finished first.");
            patiently(command("dpkg", "--configure", "-a", "--force-confold"))
                    .orThrow("Finish it by hand: dpkg --configure -a");
            finished = patiently(installation(packages));
        }
        if (!finished.succeeded() && says(finished, STALE_LISTS)) {
            update();
            finished = patiently(installation(packages));
        }
        finished.orThrow("Run it by hand to see what apt says, then `envctl setup` again.");
    }

    private void update() {
        patiently(command("apt-get", "update"))
                .orThrow(
                        "apt-get cannot read its package lists. See that /etc/apt/sources.list and the network are right.");
    }

    private Command installation(List<String> packages) {
        var arguments = new ArrayList<>(List.of(
                "apt-get",
                "install",
                "-y",
                "--no-install-recommends",
                // Docker's own containerd.io conflicts with runc: never push out what somebody installed.
                "--no-remove",
                "-o",
                "DPkg::Lock::Timeout=10",
                "-o",
                "Dpkg::Use-Pty=0",
                "-o",
                "Dpkg::Options::=--force-confold",
                "-o",
                "Acquire::Retries=3"));
        arguments.addAll(packages);
        return Command.of(arguments).with(QUIET);
    }

    private static Command command(String... arguments) {
        return Command.of(List.of(arguments)).with(QUIET);
    }

    /** Runs it again while somebody else holds a lock of apt or dpkg; DPkg::Lock::Timeout covers only one of them. */
    private Finished patiently(Command command) {
        return workshop.waits()
                .until(
                        "the lock of apt",
                        workshop.deadline(),
                        PAUSE,
                        reason -> workshop.progress().waiting("install packages", reason),
                        () -> {
                            var finished = workshop.run(command);
                            var locked = finished.succeeded() ? Optional.<String>empty() : lockMessage(finished);
                            return locked.<Answer<Finished>>map(Answer::notYet).orElseGet(() -> Answer.ready(finished));
                        });
    }

    private static Optional<String> lockMessage(Finished finished) {
        return finished.stderr()
                .lines()
                .filter(line -> LOCKED.matcher(line).matches())
                .findFirst()
                .map(line -> line.replaceFirst("^(E: |dpkg: error: )", ""));
    }

    private static boolean says(Finished finished, List<String> words) {
        var text = finished.stdout() + finished.stderr();
        return words.stream().anyMatch(text::contains);
    }

    private boolean hasLists() {
        try (Stream<java.nio.file.Path> files = Files.list(workshop.machine().at("/var/lib/apt/lists"))) {
            return files.anyMatch(file -> file.getFileName().toString().contains("_Packages"));
        } catch (IOException e) {
            // No folder, no lists.
            return false;
        }
    }
}
