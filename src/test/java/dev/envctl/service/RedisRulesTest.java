package dev.envctl.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RedisRulesTest {
    @Test
    void allowsOnlyTheWorkersOwnDatabaseAndChannels() {
        assertThat(RedisRules.ofIndex(7, "pw", List.of()))
                .startsWith("reset", "on", ">pw", "~*", "resetchannels", "&envctl:worker-7:*")
                .endsWith("-select", "+select|7")
                .doesNotContain("allchannels", "&*");
    }

    @Test
    void letsNoWorkerRunAsAnotherOrSeeWhatAllDo() {
        assertThat(RedisRules.ofIndex(7, "pw", List.of()))
                .contains("-function", "-client|tracking", "-pubsub|channels", "-pubsub|shardchannels");
    }

    @Test
    void allowsEverythingButTheServersOwnAffairsInAServerOfItsOwn() {
        assertThat(RedisRules.ofInstance("pw"))
                .containsExactly("reset", "on", ">pw", "~*", "&*", "+@all", "-@admin", "-migrate", "-script|debug");
    }

    @Test
    void takesAwayWhatReachesOthersAfterGivingEverything() {
        var rules = RedisRules.ofIndex(7, "pw", List.of());

        assertThat(rules.subList(rules.indexOf("+@all"), rules.size()))
                .contains("-@admin", "-flushall", "-swapdb", "-move", "-copy", "-script|flush", "-script|debug");
    }

    @Test
    void takesAwayModulesThatReachAcrossDatabasesAsFarAsThereAreAny() {
        assertThat(RedisModules.denied(Set.of("read", "write", "search", "json", "timeseries"), List.of()))
                .containsExactly("-@search", "-@timeseries");
        assertThat(RedisModules.denied(
                        Set.of("read", "write"), List.of("ts.mget", "FT.SEARCH", "FT.DEBUG", "FT.DEBUG|HELP")))
                .containsExactly("-FT.DEBUG", "-FT.SEARCH", "-ts.mget");
        assertThat(RedisModules.denied(Set.of("read", "write"), List.of())).isEmpty();
        assertThat(RedisRules.ofIndex(7, "pw", List.of("-@search", "-ts.mget"))).endsWith("-@search", "-ts.mget");
    }
}
