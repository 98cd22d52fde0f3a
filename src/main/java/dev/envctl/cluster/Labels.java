package dev.envctl.cluster;

import dev.envctl.process.OwnProcess;
import java.util.Map;
import java.util.Optional;

/** The labels on everything that can carry one. */
public final class Labels {
    /** The environment's name. */
    public static final String ENVIRONMENT = "dev.envctl.environment";
    /** The environment's unique id. */
    public static final String ID = "dev.envctl.id";
    /** Which primary made it: counts up each time a new primary takes over. */
    public static final String EPOCH = "dev.envctl.epoch";
    /** The cluster's name, on its network. */
    static final String CLUSTER = "dev.envctl.cluster";
    /** The folder that the environment's files lie in, on its network. */
    public static final String DIRECTORY = "dev.envctl.directory";
    /** The place in which that folder's path holds, as {@link OwnProcess#place} says it, on its network. */
    static final String PLACE = "dev.envctl.place";

    private Labels() {}

    /** The cluster that labels speak of; empty where they are not whole. */
    public static Optional<ClusterName> cluster(Map<String, String> labels) {
        try {
            return Optional.of(new ClusterName(labels.getOrDefault(ENVIRONMENT, ""), labels.getOrDefault(ID, "")));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Whether what carries these was made where our paths are the same: on this machine, in no other container. */
    public static boolean ofThisPlace(Map<String, String> labels) {
        return OwnProcess.place().equals(labels.get(PLACE));
    }

    static Map<String, String> network(ClusterName name, String epoch, String directory) {
        return Map.of(
                ENVIRONMENT,
                name.environment(),
                ID,
                name.id(),
                EPOCH,
                epoch,
                CLUSTER,
                name.toString(),
                DIRECTORY,
                directory,
                PLACE,
                OwnProcess.place());
    }
}
