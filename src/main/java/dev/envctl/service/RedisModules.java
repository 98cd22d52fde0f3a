package dev.envctl.service;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.params.CommandListFilterByParams;

/**
 * The modules of the shared server whose indexes are one for all numbered databases, so that a worker would find
 * another's keys in them: RediSearch and RedisTimeSeries (RedisTimeSeries#1520, #1576). The official image has both from
 * Redis 8 on, others may.
 */
final class RedisModules {
    /** Names of modules, and of the ACL categories that they make from Redis 8 on. */
    private static final List<String> ACROSS_DATABASES = List.of("search", "timeseries");

    private volatile @Nullable List<String> denied;

    /** Asks once: modules come and go only with the server. Arguments of {@code ACL SETUSER}, for {@link RedisRules}. */
    List<String> denied(Jedis session) {
        var known = denied;
        if (known == null) {
            var commands = ACROSS_DATABASES.stream()
                    .map(CommandListFilterByParams.commandListFilterByParams()::filterByModule)
                    .flatMap(module -> session.commandListFilterBy(module).stream())
                    .toList();
            known = denied(Set.copyOf(session.aclCat()), commands);
            denied = known;
        }
        return known;
    }

    /**
     * Only what the server has: a category or a command that it does not know makes {@code ACL SETUSER} fail.
     *
     * @param categories all that there are
     * @param commands of the modules, which before Redis 8 are in no category of their own
     */
    static List<String> denied(Set<String> categories, Collection<String> commands) {
        var rules = new ArrayList<String>();
        ACROSS_DATABASES.stream()
                .filter(categories::contains)
                .map(category -> "-@" + category)
                .forEach(rules::add);
        // Subcommands go with their command.
        commands.stream()
                .filter(command -> !command.contains("|"))
                .map(command -> "-" + command)
                .sorted()
                .forEach(rules::add);
        return List.copyOf(rules);
    }
}
