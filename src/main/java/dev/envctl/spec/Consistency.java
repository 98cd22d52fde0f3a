package dev.envctl.spec;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.PatternSyntaxException;

/** What one key says must not contradict another, or the file's name. */
final class Consistency {
    /** Server settings that the environment makes itself; a second value would win or lose by chance. */
    private static final Set<String> OWN_SETTINGS = Set.of("listen_addresses", "port", "data_directory");

    private static final List<String> REQUESTED_PORTS = List.of("services.postgres.port", "services.redis.port");

    private final Settings settings;

    Consistency(Settings settings) {
        this.settings = settings;
    }

    /** @param expectedName the file's name without its ending */
    void check(String expectedName) {
        checkName(expectedName);
        checkServerSettings();
        checkRequestedPorts();
        checkSuites();
    }

    private void checkName(String expected) {
        settings.text("metadata.name")
                .filter(name -> !name.equals(expected))
                .ifPresent(name -> settings.reject(
                        "the name `%s` differs from the file's, %s.yaml: write `name: %s` or rename the file"
                                .formatted(name, expected, expected),
                        "metadata.name"));
    }

    private void checkServerSettings() {
        for (var setting : settings.written("services.postgres.settings")
                .map(YamlValue::entries)
                .orElse(List.of())) {
            if (setting.key().equals("max_connections")) {
                settings.rejectKey(setting, "set `services.postgres.maxConnections` instead of `max_connections`");
            } else if (OWN_SETTINGS.contains(setting.key())) {
                settings.rejectKey(setting, "`%s` is set by envctl itself".formatted(setting.key()));
            }
        }
    }

    private void checkRequestedPorts() {
        var ports = REQUESTED_PORTS.stream()
                .filter(settings::has)
                .flatMap(path -> settings.whole(path).stream())
                .toList();
        if (ports.size() == 2 && ports.get(0).equals(ports.get(1))) {
            settings.reject(
                    "Postgres and Redis both ask for port %d: give them different ports, or none"
                            .formatted(ports.get(0)),
                    REQUESTED_PORTS.get(1),
                    REQUESTED_PORTS.get(0));
        }
    }

    private void checkSuites() {
        var names = new HashSet<String>();
        for (var suite : settings.items("suites")) {
            suite.get("name")
                    .filter(YamlValue::isText)
                    .filter(name -> !names.add(name.text()))
                    .ifPresent(name -> settings.reject(
                            name, "there is another suite `%s`: give each its own name".formatted(name.text())));
            suite.get("reports").ifPresent(reports -> {
                checkReports(reports);
                reports.items().forEach(this::checkReports);
            });
        }
    }

    private void checkReports(YamlValue path) {
        if (!path.isText() || !path.text().startsWith("/")) {
            return;
        }
        try {
            new ReportPath(path.text());
        } catch (PatternSyntaxException e) {
            settings.reject(path, "this is no pattern: " + e.getDescription().toLowerCase(Locale.ROOT));
        }
    }
}
