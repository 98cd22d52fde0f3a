package dev.envctl.service;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** A file of SQL statements. */
record SqlFile(Path path, String text) {
    /** A command of psql, or the data of a COPY … FROM stdin: only psql understands those. */
    private static final Pattern PSQL = Pattern.compile("(?m)^\\\\.*$");

    /**
     * @param paths files, and folders whose *.sql files are taken in name order, without subfolders
     * @throws EnvctlException USAGE for what cannot be read or understood
     */
    static List<SqlFile> read(List<Path> paths) {
        var files = new ArrayList<SqlFile>();
        for (var path : paths) {
            for (var file : expanded(path)) {
                files.add(read(file));
            }
        }
        return List.copyOf(files);
    }

    private static List<Path> expanded(Path path) {
        if (!Files.isDirectory(path)) {
            return List.of(path);
        }
        try (var entries = Files.list(path)) {
            return entries.filter(Files::isRegularFile)
                    .filter(file -> file.toString().endsWith(".sql"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw unreadable(path, e);
        }
    }

    private static SqlFile read(Path path) {
        try {
            var text = Files.readString(path);
            // A byte order mark is no SQL.
            return new SqlFile(path, text.startsWith("\uFEFF") ? text.substring(1) : text).checked();
        } catch (CharacterCodingException e) {
            throw new EnvctlException(FailureKind.USAGE, path + " is not UTF-8 text.", "Save it as UTF-8.", e);
        } catch (IOException e) {
            throw unreadable(path, e);
        }
    }

    private SqlFile checked() {
        var matcher = PSQL.matcher(text);
        if (matcher.find()) {
            throw new EnvctlException(
                    FailureKind.USAGE,
                    "%s:%d: `%s` is for psql; Postgres itself does not understand it."
                            .formatted(path, line(matcher.start()), matcher.group()),
                    "Write it in SQL. `pg_dump --inserts` writes INSERT in place of COPY.");
        }
        return this;
    }

    /** The line, counted from 1, of a place in the text. */
    private long line(int index) {
        return 1
                + text.substring(0, index)
                        .chars()
                        .filter(character -> character == '\n')
                        .count();
    }

    /** @param position counted from 1 in whole characters, as Postgres does; 0 where it is not known */
    String place(int position) {
        if (position < 1 || position > text.codePointCount(0, text.length())) {
            return path.toString();
        }
        return path + ":" + line(text.offsetByCodePoints(0, position - 1));
    }

    private static EnvctlException unreadable(Path path, IOException cause) {
        return new EnvctlException(
                FailureKind.USAGE,
                "%s cannot be read: %s".formatted(path, cause),
                "Check services.postgres.init in the environment file.",
                cause);
    }
}
