package dev.envctl.environment;

import dev.envctl.cluster.KindCluster;
import dev.envctl.engine.Engine;
import dev.envctl.kubernetes.ClientWarmUp;
import dev.envctl.machine.HostPorts;
import dev.envctl.service.DriverWarmUp;
import dev.envctl.spec.Timeouts;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.function.Supplier;

/** What {@code up} does, in the order of who must come after whom. This is the place to read first. */
final class UpGraph {
    /** What the phases of one run share. */
    record Session(
            Making making,
            HostPorts ports,
            HandOff.Primary primary,
            IntFunction<String> tokens,
            Consumer<String> claim,
            Up.Open open,
            Timeline timeline) {
        KindCluster cluster(Engine engine) {
            return new KindCluster(
                    making.tools().programs(), engine, making.identity().cluster());
        }
    }

    private final Supplier<Session> session;

    /** @param session asked for only when a phase runs */
    UpGraph(Supplier<Session> session) {
        this.session = session;
    }

    void declare(PhaseGraph graph, Timeouts limits) {
        var engine = graph.phase(
                "check prerequisites",
                // Something may be left of an earlier environment.
                limits.engine().plus(limits.teardown()),
                run -> session.get()
                        .open()
                        .engine(new CheckPrerequisites(making(), session.get().claim()).run(run)));
        var warm = graph.phase("warm clients", limits.engine(), run -> {
            new ClientWarmUp().run();
            new DriverWarmUp().run();
            return true;
        });
        var reserved = graph.phase(
                "reserve ports",
                limits.engine(),
                run -> new ReservePorts(making(), session.get().ports()).run(engine.result()),
                engine);
        var images = graph.phase(
                "pull images", limits.pull(), run -> new PullImages(making()).run(engine.result(), run), engine);

        // kind works on for seconds after its nodes can take images and its API server answers: use them meanwhile.
        var nodes = graph.phase(
                "create cluster",
                limits.cluster(),
                run -> new CreateCluster(making(), cluster(engine.result()))
                        .run(images.result(), reserved.result(), run),
                images,
                reserved);
        var delivered = graph.phase(
                "deliver images",
                limits.cluster(),
                run -> new DeliverImages(making(), cluster(engine.result()), engine.result()).run(images.result(), run),
                images,
                reserved);
        var api = graph.phase(
                "await API server",
                limits.cluster(),
                run -> session.get()
                        .open()
                        .reached(new AwaitApiServer(making(), cluster(engine.result()))
                                .run(CreateCluster.server(reserved.result()), run)),
                images,
                reserved,
                warm);
        var deployed = graph.phase(
                "deploy services",
                limits.services(),
                run -> new DeployServices(making(), api.result().api()).run(images.result(), reserved.result(), run),
                api,
                delivered);
        var answering = graph.phase(
                "await services",
                limits.services(),
                run -> new AwaitServices(making(), api.result().api()).run(deployed.result(), run),
                deployed);
        // Beside the services' start, which is mostly waiting.
        var namespaces = graph.phase(
                "make namespaces",
                limits.services(),
                run -> new MakeNamespaces(making(), api.result()).run(run),
                deployed);
        var available = graph.phase(
                "await availability",
                limits.services(),
                run -> new AwaitAvailability(making()).run(answering.result(), run),
                answering);
        var leases = graph.phase(
                "issue leases",
                limits.services(),
                run -> new IssueLeases(
                                making(), session.get().primary(), session.get().tokens())
                        .run(deployed.result(), reserved.result(), run),
                answering,
                namespaces);
        var ready = graph.phase(
                "await cluster",
                limits.cluster(),
                run -> new AwaitCluster(making(), api.result().api()).run(run),
                nodes,
                api);
        var manifests = graph.phase(
                "apply manifests",
                limits.total(),
                run -> new ApplyUserManifests(making(), api.result().api()).run(run),
                ready,
                available);
        graph.phase(
                "hand off",
                limits.engine(),
                run -> new HandOver(making(), session.get().timeline())
                        .run(
                                nodes.result(),
                                images.result(),
                                reserved.result(),
                                deployed.result(),
                                leases.result(),
                                engine.result().kind().program(),
                                session.get().primary()),
                leases,
                manifests);
    }

    private Making making() {
        return session.get().making();
    }

    private KindCluster cluster(Engine engine) {
        return session.get().cluster(engine);
    }
}
