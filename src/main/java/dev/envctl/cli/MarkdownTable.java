package dev.envctl.cli;

/** A table in GitHub's Markdown, whose cells stay cells whatever is in them. */
final class MarkdownTable {
    private final StringBuilder text = new StringBuilder();

    MarkdownTable(String... titles) {
        row(titles);
        text.append("|---".repeat(titles.length)).append("|\n");
    }

    MarkdownTable row(String... cells) {
        text.append('|');
        for (var cell : cells) {
            text.append(' ')
                    .append(cell.replaceAll("\\R", " ").replace("|", "\\|").replace("<", "&lt;"))
                    .append(" |");
        }
        text.append('\n');
        return this;
    }

    static String code(String text) {
        return "`" + text.replace("`", "'") + "`";
    }

    String text() {
        return text.toString();
    }
}
