package dev.envctl.it;

import dev.envctl.it.Attempt.Misfired;
import dev.envctl.it.Attempt.Outcome;
import dev.envctl.it.Attempt.Refused;
import dev.envctl.it.Attempt.Succeeded;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Against worker 2, index 0 and the server, with worker 1's login. */
final class RedisAttempts {
    private static final int INDEXES = 16;

    /** The last is for what nobody may do, or not from a script. */
    private static final List<String> REFUSALS =
            List.of("-NOPERM", "-WRONGPASS", "-NOAUTH", "ACL failure in script", "not allowed");

    /** A line is a command, its words parted by single spaces. */
    private static final String COMMANDS = """
            FLUSHALL
            FLUSHALL ASYNC
            SWAPDB 1 2
            SWAPDB 0 2
            MOVE mine 2
            MOVE mine 0
            COPY mine theirs DB 2
            COPY mine theirs DB 0 REPLACE
            MIGRATE 127.0.0.1 6379 mine 2 100
            CONFIG GET *
            CONFIG GET requirepass
            CONFIG SET requirepass x
            CONFIG SET maxmemory 1
            CONFIG SET dir /tmp
            CONFIG REWRITE
            CONFIG RESETSTAT
            SHUTDOWN NOSAVE
            ACL LIST
            ACL USERS
            ACL LOG
            ACL SAVE
            ACL LOAD
            ACL GETUSER default
            ACL GETUSER worker-2
            ACL SETUSER worker-1 allcommands
            ACL SETUSER worker-2 nopass
            ACL SETUSER mine on nopass allkeys allcommands
            ACL SETUSER default nopass
            ACL DELUSER worker-2
            ACL DRYRUN worker-2 get x
            DEBUG SLEEP 0
            DEBUG OBJECT mine
            DEBUG RELOAD
            DEBUG SEGFAULT
            MONITOR
            REPLICAOF 127.0.0.1 1
            REPLICAOF NO ONE
            SLAVEOF 127.0.0.1 1
            FAILOVER
            SYNC
            PSYNC ? -1
            REPLCONF listening-port 1
            ROLE
            MODULE LIST
            MODULE LOAD /tmp/mine.so
            MODULE LOADEX /tmp/mine.so
            MODULE UNLOAD mine
            CLIENT LIST
            CLIENT KILL USER worker-2
            CLIENT KILL TYPE normal
            CLIENT KILL ID 1
            CLIENT PAUSE 1000
            CLIENT UNPAUSE
            CLIENT NO-EVICT ON
            CLIENT UNBLOCK 1
            CLIENT TRACKING ON
            SAVE
            BGSAVE
            BGREWRITEAOF
            LASTSAVE
            SLOWLOG GET
            SLOWLOG RESET
            LATENCY RESET
            LATENCY LATEST
            CLUSTER RESET
            CLUSTER MEET 127.0.0.1 1
            SCRIPT FLUSH
            SCRIPT KILL
            SCRIPT DEBUG YES
            SCRIPT DEBUG SYNC
            FUNCTION LIST
            FUNCTION DUMP
            FUNCTION STATS
            FUNCTION FLUSH
            FUNCTION KILL
            FUNCTION DELETE mine
            FUNCTION RESTORE x FLUSH
            PUBSUB CHANNELS
            PUBSUB SHARDCHANNELS
            SUBSCRIBE news
            SUBSCRIBE envctl:worker-2:news
            SUBSCRIBE __keyspace@2__:treasure
            SUBSCRIBE __redis__:invalidate
            PSUBSCRIBE *
            PSUBSCRIBE envctl:*
            PSUBSCRIBE envctl:worker-*
            PSUBSCRIBE __keyspace@*__:*
            PSUBSCRIBE __keyevent@2__:*
            SSUBSCRIBE envctl:worker-2:news
            PUBLISH news x
            PUBLISH envctl:worker-2:news x
            PUBLISH envctl:worker-10:news x
            SPUBLISH envctl:worker-2:news x
            AUTH x
            AUTH default x
            AUTH default PASSWORD
            AUTH worker-2 PASSWORD
            HELLO 2 AUTH worker-2 PASSWORD
            HELLO 2 AUTH default PASSWORD""";

    private final String url;

    RedisAttempts(String url) {
        this.url = url;
    }

    List<Attempt> all() {
        var attempts = new ArrayList<Attempt>();
        for (var index = 0; index < INDEXES; index++) {
            if (index != 1) {
                attempts.add(command("SELECT", Integer.toString(index)));
                attempts.add(script("return redis.call('SELECT', '%d')".formatted(index)));
            }
        }
        COMMANDS.lines().map(line -> line.split(" ", -1)).forEach(words -> attempts.add(command(words)));
        attempts.add(command("CLIENT", "TRACKING", "ON", "BCAST", "PREFIX", "trea"));
        attempts.add(command("FUNCTION", "LOAD", "#!lua name=mine\nredis.register_function('mine', function() end)"));
        attempts.add(command(
                "FUNCTION", "LOAD", "REPLACE", "#!lua name=theirs\nredis.register_function('theirs', function() end)"));
        for (var call : List.of(
                "'SWAPDB', '1', '2'",
                "'FLUSHALL'",
                "'MOVE', 'mine', '2'",
                "'COPY', 'mine', 'theirs', 'DB', '2'",
                "'CONFIG', 'GET', '*'",
                "'ACL', 'LIST'",
                "'CLIENT', 'LIST'",
                "'SCRIPT', 'FLUSH'",
                "'FUNCTION', 'FLUSH'",
                "'PUBLISH', 'envctl:worker-2:news', 'x'",
                "'SHUTDOWN'")) {
            attempts.add(script("return redis.call(%s)".formatted(call)));
        }
        attempts.add(inTurn("RESET", "GET treasure"));
        attempts.add(inTurn("RESET", "SELECT 2"));
        attempts.add(inTurn("MULTI", "SELECT 2"));
        attempts.add(inTurn("MULTI", "FLUSHALL"));
        return attempts;
    }

    private Attempt command(String... words) {
        return new Attempt(
                "Redis: " + String.join(" ", words).lines().findFirst().orElse(""), () -> {
                    try (var redis = new RedisConversation(url)) {
                        var password = URI.create(url).getUserInfo().split(":", 2)[1];
                        return outcome(redis.ask(Stream.of(words)
                                .map(word -> word.equals("PASSWORD") ? password : word)
                                .toArray(String[]::new)));
                    }
                });
    }

    private Attempt script(String code) {
        return command("EVAL", code, "0");
    }

    /** The last of two commands on one connection is the attempt. */
    private Attempt inTurn(String first, String second) {
        return new Attempt("Redis: %s, %s".formatted(first, second), () -> {
            try (var redis = new RedisConversation(url)) {
                redis.ask(first);
                return outcome(redis.ask(second.split(" ", -1)));
            } catch (IOException e) {
                return new Misfired(e.toString());
            }
        });
    }

    private static Outcome outcome(String answer) {
        if (!answer.startsWith("-")) {
            return new Succeeded(answer);
        }
        return REFUSALS.stream().anyMatch(answer::contains) ? new Refused(answer) : new Misfired(answer);
    }
}
