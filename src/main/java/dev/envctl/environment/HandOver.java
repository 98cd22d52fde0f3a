package dev.envctl.environment;

import dev.envctl.environment.PullImages.Images;
import dev.envctl.environment.ReservePorts.Reserved;
import java.util.List;
import java.util.Map;

/** Writes the hand-off: from here on the environment is ready. */
final class HandOver {
    private final Making making;
    private final Timeline timeline;

    HandOver(Making making, Timeline timeline) {
        this.making = making;
        this.timeline = timeline;
    }

    HandOff run(
            List<String> nodes,
            Images images,
            Reserved ports,
            Deployed deployed,
            List<HandOff.Worker> workers,
            String engine,
            HandOff.Primary primary) {
        var directory = making.directory();
        var name = making.identity().cluster();
        var handOff = new HandOff(
                HandOff.API_VERSION,
                making.identity().name(),
                making.identity().id(),
                "ready",
                new HandOff.Cluster(
                        "kind",
                        engine,
                        directory.kubeconfig().toString(),
                        name.context(),
                        CreateCluster.server(ports),
                        nodes),
                HandOff.Services.of(deployed),
                workers,
                images.all().stream()
                        .map(image -> new HandOff.Image(
                                image.name(), image.reference(), image.digest().toString()))
                        .toList(),
                primary,
                timeline.seconds());
        making.journal()
                .around(
                        Journal.HAND_OFF,
                        Map.of(),
                        () -> EnvironmentDirectory.write(directory.handOff(), handOff.json()));
        return handOff;
    }
}
