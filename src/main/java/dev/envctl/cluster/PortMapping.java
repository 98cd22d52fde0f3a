package dev.envctl.cluster;

/** A node port of the cluster published on 127.0.0.1. */
public record PortMapping(int hostPort, int nodePort) {}
