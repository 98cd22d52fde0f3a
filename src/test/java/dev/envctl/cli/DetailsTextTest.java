package dev.envctl.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class DetailsTextTest {
    @Test
    void alignsWhatEachWorkerUses() {
        assertThat(text("""
                {"postgres": {"connections": 7, "limit": 200, "workers": [{"worker": 1, "connections": 3, "limit": 20}]},
                 "redis": {"clients": 2, "memory": 2097152, "limit": 201326592, "leak": {"keys": 0, "some": []},
                           "workers": [{"worker": 12, "clients": 2, "keys": 31}]},
                 "memory": [{"of": "postgres", "used": 104857600, "limit": 536870912}, {"of": "node n", "used": 1048576}],
                 "leases": [{"worker": 1, "state": "fixed", "since": "2026-01-01T00:00:00Z"},
                            {"worker": 12, "state": "held", "holder": "pytest gw3", "since": "2026-01-01T00:58:30Z"}],
                 "locks": []}
                """)).isEqualTo("""
                  connections  7 of 200
                  Redis        2 clients, 2 of 192 MiB
                  memory       postgres: 100 of 512 MiB
                  memory       node n: 1 MiB
                  WORKER  LEASE  HOLDER      AGE    CONNECTIONS  REDIS CLIENTS  REDIS KEYS
                  1       fixed  -           1h     3 of 20      -              -
                  12      held   pytest gw3  1m30s  -            2              31
                """);
    }

    @Test
    void showsHoldersAndWaitersWithTheirAges() {
        assertThat(text("""
                {"locks": [{"name": "db",
                  "holders": [{"holder": "mvn [pid 7]", "by": "owner", "mode": "exclusive", "since": "2026-01-01T00:59:00Z"}],
                  "waiters": [{"holder": "", "by": "worker 3", "mode": "shared", "since": "2026-01-01T00:59:58Z"}]}]}
                """)).isEqualTo("""
                  LOCK         WHO          BY        MODE       FOR
                  db    held   mvn [pid 7]  owner     exclusive  1m
                  db    waits  -            worker 3  shared     2s
                """);
    }

    @Test
    void saysWhyAPartIsUnknown() {
        assertThat(text("""
                {"postgres": {"unknown": "too many clients"}, "redis": {"unknown": "no answer within 2.5 s"},
                 "memory": [{"of": "services and nodes", "unknown": "gone"}]}
                """)).isEqualTo("""
                  connections  unknown: too many clients
                  Redis        unknown: no answer within 2.5 s
                  memory       services and nodes: unknown: gone
                """);
    }

    @Test
    void warnsOfWhatIsInIndex0() {
        assertThat(text("""
                {"redis": {"clients": 0, "memory": 1048576, "leak": {"keys": 3, "some": ["a", "b\\u001b[2J"]}}}
                """))
                .isEqualTo("  Redis  0 clients, 1 MiB; LEAK: index 0 is reserved and holds 3 keys: a, b?[2J\n");
    }

    @Test
    void aClockThatWasSetBackMakesNoNegativeAge() {
        assertThat(text("{\"leases\": [{\"worker\": 1, \"state\": \"fixed\", \"since\": \"2027-01-01T00:00:00Z\"}]}"))
                .contains(" 0s ");
    }

    @Test
    void showsNothingWhereThereIsNothing() {
        assertThat(text("{\"locks\": [], \"leases\": []}")).isEmpty();
    }

    private static String text(String json) {
        return new DetailsText(JsonParser.parseString(json).getAsJsonObject(), Instant.parse("2026-01-01T01:00:00Z"))
                .text();
    }
}
