package dev.envctl.environment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.envctl.spec.PortRange;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeaseJournalTest {
    @TempDir
    Path folder;

    @Test
    void knowsWhatAnEarlierPrimaryBeganAndDidNotEnd() {
        var directory = new EnvironmentDirectory(folder);
        try (var journal = Journal.append(directory.journal(), 1)) {
            journal.write("reserve ports", "done", Map.of("workers", "15003-15012,15013-15022"));
            var leases = new LeaseJournal(journal, directory);
            leases.begin(5);
            leases.begin(6);
            leases.end(5);
            leases.begin(7);
            leases.end(7);
            leases.begin(7);
        }

        try (var journal = Journal.append(directory.journal(), 2)) {
            var leases = new LeaseJournal(journal, directory);

            assertThat(leases.open()).containsExactly(6, 7);
            assertThat(leases.reservedBlocks())
                    .containsExactly(new PortRange(15003, 15012), new PortRange(15013, 15022));
        }
    }
}
