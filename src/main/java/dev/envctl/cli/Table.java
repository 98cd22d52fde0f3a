package dev.envctl.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Columns that are as wide as what is in them. */
final class Table {
    private final List<List<String>> rows = new ArrayList<>();

    Table row(String... cells) {
        rows.add(List.of(cells));
        return this;
    }

    /** Each line indented by two. */
    String text() {
        return rows.stream().map(this::line).collect(Collectors.joining());
    }

    private String line(List<String> row) {
        var line = new StringBuilder(" ");
        for (var column = 0; column < row.size(); column++) {
            line.append(' ').append(row.get(column));
            line.append(" ".repeat(width(column) - row.get(column).length() + 1));
        }
        return "%s%n".formatted(line.toString().stripTrailing());
    }

    private int width(int column) {
        return rows.stream()
                .filter(row -> row.size() > column)
                .mapToInt(row -> row.get(column).length())
                .max()
                .orElse(0);
    }
}
