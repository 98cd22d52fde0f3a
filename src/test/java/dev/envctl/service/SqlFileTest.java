package dev.envctl.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqlFileTest {
    @Test
    void readsFoldersInNameOrderBetweenFiles(@TempDir Path folder) throws IOException {
        var first = Files.writeString(folder.resolve("z.sql"), "1");
        var inner = Files.createDirectory(folder.resolve("inner"));
        Files.writeString(inner.resolve("b.sql"), "3");
        Files.writeString(inner.resolve("a.sql"), "2");
        Files.writeString(inner.resolve("notes.txt"), "no");

        assertThat(SqlFile.read(List.of(first, inner)))
                .extracting(SqlFile::text)
                .containsExactly("1", "2", "3");
    }

    @Test
    void findsTheLineOfAPositionCountedInWholeCharacters() {
        var file = new SqlFile(Path.of("a.sql"), "-- 😀😀\nselect 1;\nselekt 2;");

        assertThat(file.place(17)).isEqualTo("a.sql:3");
        assertThat(file.place(16)).isEqualTo("a.sql:2");
        assertThat(file.place(0)).isEqualTo("a.sql");
    }

    @Test
    void refusesCommandsOfPsql(@TempDir Path folder) throws IOException {
        var file = Files.writeString(folder.resolve("a.sql"), "select 1;\n\\connect other\n");

        assertThatThrownBy(() -> SqlFile.read(List.of(file)))
                .hasMessage("%s:2: `\\connect other` is for psql; Postgres itself does not understand it.", file);
    }
}
