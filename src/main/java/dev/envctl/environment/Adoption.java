package dev.envctl.environment;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.Progress;
import dev.envctl.cluster.KindCluster;
import dev.envctl.engine.Container;
import dev.envctl.kubernetes.Kubeconfig;
import dev.envctl.machine.HostPorts;
import dev.envctl.process.OwnProcess;
import dev.envctl.readiness.Answer;
import dev.envctl.readiness.Deadline;
import dev.envctl.spec.EnvironmentSpec;
import dev.envctl.spec.PortRange;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Takes over an environment whose primary was killed, if it is whole: the same questions are asked as by {@code up}. */
public final class Adoption {
    /** A script can be ended after five seconds, and then be started again. */
    private static final Duration SCRIPTS = Duration.ofSeconds(15);

    private final Tools tools;
    private final EnvironmentSpec spec;
    private final EnvironmentDirectory directory;
    private final HostPorts ports;
    private final Timeline timeline;
    private final Progress progress;

    public Adoption(
            Tools tools,
            EnvironmentSpec spec,
            EnvironmentDirectory directory,
            HostPorts ports,
            Timeline timeline,
            Progress progress) {
        this.tools = tools;
        this.spec = spec;
        this.directory = directory;
        this.ports = ports;
        this.timeline = timeline;
        this.progress = progress;
    }

    /**
     * Takes over and writes the hand-off anew, or changes nothing.
     *
     * @param madeFrom stands for the settings that are wanted now, as {@link dev.envctl.spec.Fingerprint#digest} says it
     * @return why it cannot be taken over; empty once it has been
     */
    public Optional<String> run(Past past, HandOff.Primary primary, String madeFrom) {
        if (!past.handedOff()) {
            return Optional.of("it was never ready (its last step was `%s`)".formatted(past.lastStep()));
        }
        if (!past.bootId().equals(OwnProcess.bootId())) {
            return Optional.of("the machine has been restarted since");
        }
        if (!past.madeFrom().equals(madeFrom)) {
            return Optional.of("its settings have changed");
        }
        var handOff = HandOff.read(directory)
                .filter(found -> found.id().equals(past.identity().id()));
        if (handOff.isEmpty()) {
            return Optional.of("its environment.json is gone or damaged");
        }
        var start = Instant.now();
        var limit = spec.timeouts().engine();
        progress.report(new Progress.Started("take over"));
        var reason = refuse(past, handOff.get(), Deadline.in(limit));
        if (reason.isEmpty()) {
            var next = past.identity().next();
            try (var journal = Journal.append(directory.journal(), next.epoch())) {
                journal.begin(next, directory, handOff.get().cluster().engine(), past.address(), past.madeFrom());
                journal.around(
                        Journal.HAND_OFF,
                        Map.of(),
                        () -> EnvironmentDirectory.write(
                                directory.handOff(),
                                handOff.get().ownedBy(primary).json()));
            }
        } else {
            // The environment that is made instead wants the same ports.
            ports.releaseAll();
        }
        var end = Instant.now();
        timeline.add(new Timeline.Span("take over", "", start, end, reason.isEmpty() ? "ok" : "failed"));
        progress.report(new Progress.Finished(
                "take over",
                reason.isEmpty() ? Progress.Outcome.OK : Progress.Outcome.FAILED,
                Duration.between(start, end)));
        return reason;
    }

    private Optional<String> refuse(Past past, HandOff handOff, Deadline deadline) {
        try (var engine = tools.engines().find(past.engine(), deadline.remainingForCall(), directory.scratch())) {
            var nodes =
                    new KindCluster(tools.programs(), engine, past.identity().cluster()).nodes();
            var running = nodes.stream()
                    .filter(Container::running)
                    .map(Container::name)
                    .toList();
            if (!running.containsAll(handOff.cluster().nodes())) {
                return Optional.of("not all of its nodes run any more");
            }
            var text = EnvironmentDirectory.read(directory.kubeconfig());
            if (text.isEmpty()) {
                return Optional.of("its kubeconfig is gone");
            }
            var kubeconfig = Kubeconfig.parse(text.get());
            if (!kubeconfig.server().equals(handOff.cluster().server())
                    || !kubeconfig.context().equals(handOff.cluster().context())) {
                return Optional.of("its kubeconfig is that of another cluster");
            }
            var damage = LeaseFiles.damage(handOff);
            if (damage.isPresent()) {
                return damage;
            }
            adoptPorts(handOff);
            return unanswered(handOff, kubeconfig, deadline);
        } catch (EnvctlException e) {
            if (e.kind() == FailureKind.INTERRUPTED) {
                throw e;
            }
            return Optional.of(e.problem());
        }
    }

    private void adoptPorts(HandOff handOff) {
        adopt(URI.create(handOff.cluster().server()).getPort());
        var services = handOff.services();
        if (services.postgres() != null) {
            adopt(services.postgres().port());
        }
        if (services.redis() != null) {
            adopt(services.redis().port());
        }
        var journal = Journal.read(directory.journal());
        ReservePorts.blocks(journal).forEach(ports::adopt);
        ReservePorts.nodePorts(journal).ifPresent(ports::adopt);
        for (var worker : handOff.workers()) {
            WorkerLease.read(java.nio.file.Path.of(worker.file())).ifPresent(lease -> adopt(lease, services.redis()));
        }
    }

    private void adopt(WorkerLease lease, HandOff.@Nullable Redis shared) {
        var own = lease.redis();
        if (own != null && shared != null && own.port() != shared.port()) {
            adopt(own.port());
        }
    }

    private void adopt(int port) {
        ports.adopt(new PortRange(port, port));
    }

    private Optional<String> unanswered(HandOff handOff, Kubeconfig kubeconfig, Deadline deadline) {
        try (var api = tools.kubernetes().apply(kubeconfig)) {
            if (api.reachable(deadline) instanceof Answer.NotYet<?> notYet) {
                return Optional.of("its API server does not answer: " + notYet.reason());
            }
            return MendLogins.run(Logins.of(handOff, deadline.atMost(SCRIPTS)), spec, handOff, api, progress, deadline);
        }
    }
}
