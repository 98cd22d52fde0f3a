package dev.envctl.service;

/**
 * What one worker has in Postgres for itself: a role and a database that only this role can open.
 *
 * @param worker counted from 1
 * @param address as seen from this machine
 * @param inCluster as seen from a pod
 */
public record PostgresLease(int worker, PostgresAddress address, PostgresAddress inCluster) {}
