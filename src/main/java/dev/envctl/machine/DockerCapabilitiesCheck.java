package dev.envctl.machine;

import dev.envctl.process.Command;
import dev.envctl.process.Finished;
import dev.envctl.process.Programs;
import java.util.List;

/**
 * Whether Docker's daemon may give privileged containers all capabilities. In small virtual machines it lacks
 * CAP_SYS_RESOURCE, and kind's nodes then fail with "unable to apply caps" unless a runtime of one's own drops it.
 */
record DockerCapabilitiesCheck(Machine machine, Programs programs) implements Check {
    private static final String PROCESS = "/var/run/docker.pid";

    @Override
    public String title() {
        return "Docker's capabilities";
    }

    @Override
    public Need need() {
        return Need.ADVICE;
    }

    @Override
    public Verdict look() {
        var process = machine.number(PROCESS);
        if (process.isEmpty()) {
            return Verdict.of(Outcome.notApplicable("no daemon of this machine is known"));
        }
        if (machine.mayRaiseLimits(Long.toString(process.get()))) {
            return Verdict.of(Outcome.ok("the daemon has CAP_SYS_RESOURCE"));
        }
        var runtime = Answers.of(programs, Command.of("docker", "info", "--format", "{{.DefaultRuntime}}"))
                .filter(Finished::succeeded)
                .map(finished -> finished.stdout().strip())
                .orElse("unknown");
        if (!runtime.equals("runc") && !runtime.equals("unknown")) {
            return Verdict.of(
                    Outcome.ok("the daemon lacks CAP_SYS_RESOURCE, but has a runtime of its own: " + runtime));
        }
        return Verdict.of(
                Outcome.wrong(
                        "The daemon lacks CAP_SYS_RESOURCE, so kind's privileged nodes fail with \"unable to apply caps\".",
                        List.of(
                                "# Use Podman (engine: podman), or start dockerd with --add-runtime and --default-runtime naming a"
                                        + " wrapper of runc that takes CAP_SYS_RESOURCE and oomScoreAdj out of the bundle's config.json")));
    }
}
