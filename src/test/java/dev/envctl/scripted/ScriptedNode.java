package dev.envctl.scripted;

import java.util.HashMap;
import java.util.Map;

/** A node's container, with what is in it. */
final class ScriptedNode {
    final String name;
    final String cluster;
    final String network;
    final String volume;
    final int port;
    final Map<String, String> files = new HashMap<>();
    final ScriptedCluster kubernetes;
    boolean running;

    ScriptedNode(String name, String cluster, String network, String volume, int port) {
        this.name = name;
        this.cluster = cluster;
        this.network = network;
        this.volume = volume;
        this.port = port;
        this.kubernetes = new ScriptedCluster(cluster);
    }

    String id() {
        return "id-of-" + name;
    }
}
