package dev.envctl.service;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RedisRulesTest {
    @Test
    void allowsOnlyTheWorkersOwnDatabaseAndChannels() {
        assertThat(RedisRules.ofIndex(7, "pw"))
                .startsWith("reset", "on", ">pw", "~*", "resetchannels", "&envctl:worker-7:*")
                .endsWith("-select", "+select|7")
                .doesNotContain("allchannels", "&*");
    }

    @Test
    void letsNoWorkerRunAsAnotherOrSeeWhatAllDo() {
        assertThat(RedisRules.ofIndex(7, "pw"))
                .contains("-function", "-client|tracking", "-pubsub|channels", "-pubsub|shardchannels");
    }

    @Test
    void allowsEverythingButTheServersOwnAffairsInAServerOfItsOwn() {
        assertThat(RedisRules.ofInstance("pw"))
                .containsExactly("reset", "on", ">pw", "~*", "&*", "+@all", "-@admin", "-migrate", "-script|debug");
    }

    @Test
    void takesAwayWhatReachesOthersAfterGivingEverything() {
        var rules = RedisRules.ofIndex(7, "pw");

        assertThat(rules.subList(rules.indexOf("+@all"), rules.size()))
                .contains("-@admin", "-flushall", "-swapdb", "-move", "-copy", "-script|flush", "-script|debug");
    }
}
