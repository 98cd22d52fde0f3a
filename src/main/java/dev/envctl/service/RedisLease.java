package dev.envctl.service;

/**
 * What one worker has in Redis for itself: a user that can select only the numbered database of the same number, or
 * with {@code isolation: instance} a server.
 *
 * @param worker counted from 1
 * @param address as seen from this machine
 * @param inCluster as seen from a pod
 * @param channelPrefix channels of publish and subscribe that the worker may use start with it, because databases do
 *     not separate channels; empty for a worker with a server of its own
 * @param clientName for {@code CLIENT SETNAME}: the server cannot name its clients itself
 */
public record RedisLease(
        int worker, RedisAddress address, RedisAddress inCluster, String channelPrefix, String clientName) {}
