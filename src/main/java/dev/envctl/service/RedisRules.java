package dev.envctl.service;

import java.util.ArrayList;
import java.util.List;

/** What a worker may do in Redis: everything in its own numbered database, nothing that reaches another's. */
final class RedisRules {
    private RedisRules() {}

    /** How the channels a worker may use start. */
    static String channelPrefix(int worker) {
        return "envctl:" + user(worker) + ":";
    }

    static String user(int worker) {
        return "worker-" + worker;
    }

    /**
     * Arguments of {@code ACL SETUSER} after the name, for a worker that shares the server; they replace what the user
     * had. Functions are the server's and not a database's, so one worker's would run as another.
     *
     * @param modules what takes away those that reach across databases
     */
    static List<String> ofIndex(int worker, String password, List<String> modules) {
        var rules = new ArrayList<>(List.of(
                "reset",
                "on",
                ">" + password,
                "~*",
                "resetchannels",
                "&" + channelPrefix(worker) + "*",
                "&__keyspace@" + worker + "__:*",
                "&__keyevent@" + worker + "__:*",
                "+@all",
                // The server's own affairs: CONFIG, SHUTDOWN, ACL, DEBUG, MONITOR, MODULE, REPLICAOF, CLIENT KILL, …
                "-@admin",
                // What reaches into other databases or other workers' scripts.
                "-flushall",
                "-swapdb",
                "-move",
                "-copy",
                "-migrate",
                "-script|flush",
                "-script|kill",
                // A script that is debugged stops the server for all.
                "-script|debug",
                "-function",
                // What tells of keys and channels of all databases.
                "-client|tracking",
                "-pubsub|channels",
                "-pubsub|shardchannels",
                "-select",
                "+select|" + worker));
        rules.addAll(modules);
        return List.copyOf(rules);
    }

    /** The same for a worker with a server of its own: everything but what would end or reconfigure it. */
    static List<String> ofInstance(String password) {
        return List.of("reset", "on", ">" + password, "~*", "&*", "+@all", "-@admin", "-migrate", "-script|debug");
    }
}
