package dev.envctl.machine;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What is set in containers.conf(5), read from the files and in the order Podman reads them: later ones win. Only
 * {@code key = value} in the two tables asked for is understood, which is all that is needed here.
 */
final class PodmanConfiguration {
    /** The file that envctl writes, and only that one. */
    static final String OURS = "/etc/containers/containers.conf.d/50-envctl.conf";

    /** How a file of ours begins; a file at that place which does not is somebody else's. */
    static final String HEADER = "# Written by envctl setup.";

    private static final String VENDOR = "/usr/share/containers/containers.conf";
    private static final Pattern TABLE = Pattern.compile("\\s*\\[([^\\[\\]]+)]\\s*(#.*)?");
    private static final Pattern ENTRY = Pattern.compile("\\s*([A-Za-z0-9_]+)\\s*=\\s*(.*)");

    /**
     * One setting of a file.
     *
     * @param value as written, arrays on one line, without quotes around a single string
     * @param file as Podman names it, absolute
     */
    record Setting(String table, String key, String value, String file) {
        /** Set by the machine's owner, rather than by a package or by envctl. */
        boolean isOwners() {
            return !file.equals(VENDOR) && !file.equals(OURS);
        }
    }

    private final Machine machine;
    private final List<Setting> settings = new ArrayList<>();

    PodmanConfiguration(Machine machine) {
        this.machine = machine;
        files().forEach(this::load);
    }

    /** What is in force, or empty for Podman's own default. */
    Optional<Setting> inForce(String table, String key) {
        return last(settings, table, key);
    }

    /** What would be in force if envctl had written nothing. */
    Optional<Setting> withoutOurs(String table, String key) {
        return last(
                settings.stream()
                        .filter(setting -> !(setting.file().equals(OURS) && isOurs(machine)))
                        .toList(),
                table,
                key);
    }

    static boolean isOurs(Machine machine) {
        return machine.read(OURS).filter(text -> text.startsWith(HEADER)).isPresent();
    }

    private static Optional<Setting> last(List<Setting> settings, String table, String key) {
        return settings.stream()
                .filter(setting ->
                        setting.table().equals(table) && setting.key().equals(key))
                .reduce((first, second) -> second);
    }

    /** CONTAINERS_CONF replaces all other files; a user's own file is read by rootless Podman only. */
    private List<String> files() {
        var files = new ArrayList<String>();
        var only = machine.environment().get("CONTAINERS_CONF");
        if (only != null && only.startsWith("/")) {
            files.add(only);
        } else {
            files.add(VENDOR);
            files.add("/etc/containers/containers.conf");
            files.addAll(dropIns("/etc/containers/containers.conf.d"));
            if (!machine.isRoot()) {
                var own = Optional.ofNullable(machine.environment().get("XDG_CONFIG_HOME"))
                        .orElse(machine.home() + "/.config");
                files.add(own + "/containers/containers.conf");
                files.addAll(dropIns(own + "/containers/containers.conf.d"));
            }
        }
        var override = machine.environment().get("CONTAINERS_CONF_OVERRIDE");
        if (override != null && override.startsWith("/")) {
            files.add(override);
        }
        return files;
    }

    private List<String> dropIns(String folder) {
        var names = new ArrayList<String>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(machine.at(folder), "*.conf")) {
            entries.forEach(entry -> names.add(folder + "/" + entry.getFileName()));
        } catch (IOException e) {
            // No such folder, or not ours to read: Podman gets nothing from it either.
            return List.of();
        }
        return names.stream().sorted().toList();
    }

    private void load(String file) {
        var table = "";
        var lines = machine.lines(file);
        for (var i = 0; i < lines.size(); i++) {
            var heading = TABLE.matcher(lines.get(i));
            var entry = ENTRY.matcher(lines.get(i));
            if (heading.matches()) {
                table = heading.group(1).strip();
            } else if (entry.matches()) {
                var value = new StringBuilder(withoutComment(entry));
                while (value.indexOf("[") == 0 && value.indexOf("]") < 0 && i + 1 < lines.size()) {
                    value.append(' ').append(lines.get(++i).strip());
                }
                settings.add(new Setting(table, entry.group(1), unquoted(value.toString()), file));
            }
        }
    }

    private static String withoutComment(Matcher entry) {
        return entry.group(2).replaceFirst("\\s+#.*$", "").strip();
    }

    private static String unquoted(String value) {
        return value.startsWith("\"") || value.startsWith("'") ? value.substring(1, value.length() - 1) : value;
    }
}
