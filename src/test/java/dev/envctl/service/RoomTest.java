package dev.envctl.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.envctl.spec.PostgresSpec;
import dev.envctl.spec.Resources;
import dev.envctl.spec.Storage;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class RoomTest {
    private static Room room(Storage storage) {
        return Room.of(new PostgresSpec(
                "postgres", "app", 200, storage, List.of(), Map.of(), new Resources("512Mi"), OptionalInt.empty()));
    }

    private static long mebibytes(long count) {
        return count * MemoryLimit.MEBIBYTE;
    }

    @Test
    void leavesAQuarterOfAVolumeInMemoryToTheWorkers() {
        // 256 MiB of data, of which the write-ahead log takes 64: 192 − 64 = 128.
        var room = room(Storage.MEMORY);

        assertThat(room.holds(mebibytes(120), mebibytes(8))).isTrue();
        assertThat(room.holds(mebibytes(121), mebibytes(8))).isFalse();
    }

    @Test
    void hasNoEndOnADisk() {
        assertThat(room(Storage.DISK).holds(mebibytes(1_000_000), mebibytes(8))).isTrue();
    }
}
