package dev.envctl.spec;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/** Makes values of settings in which no mistake was found. */
final class EnvironmentReader {
    private static final String POSTGRES = "services.postgres";
    private static final String REDIS = "services.redis";

    private final Settings settings;
    private final Path file;

    EnvironmentReader(Settings settings, Path file) {
        this.settings = settings;
        this.file = file;
    }

    EnvironmentSpec read() {
        return new EnvironmentSpec(
                text("metadata.name"),
                file,
                cluster(),
                settings.has(POSTGRES) ? Optional.of(postgres()) : Optional.empty(),
                settings.has(REDIS) ? Optional.of(redis()) : Optional.empty(),
                settings.items("manifests").stream().map(this::manifest).toList(),
                settings.items("suites").stream().map(EnvironmentReader::suite).toList(),
                workers(),
                new PortRange(whole("ports.from"), whole("ports.to")),
                timeouts());
    }

    private ClusterSpec cluster() {
        return new ClusterSpec(
                choice(ClusterSpec.Provider.class, "cluster.provider"),
                choice(ClusterSpec.EngineChoice.class, "cluster.engine"),
                text("cluster.image"),
                whole("cluster.workerNodes"));
    }

    private PostgresSpec postgres() {
        return new PostgresSpec(
                text(POSTGRES + ".image"),
                text(POSTGRES + ".database"),
                whole(POSTGRES + ".maxConnections"),
                choice(Storage.class, POSTGRES + ".storage"),
                settings.items(POSTGRES + ".init").stream()
                        .map(item -> path(item.text()))
                        .toList(),
                serverSettings(),
                resources(POSTGRES),
                requestedPort(POSTGRES));
    }

    private Map<String, String> serverSettings() {
        var found = new TreeMap<String, String>();
        settings.value(POSTGRES + ".settings")
                .map(YamlValue::entries)
                .orElse(List.of())
                .forEach(setting -> found.put(setting.key(), setting.text()));
        return found;
    }

    private RedisSpec redis() {
        return new RedisSpec(
                text(REDIS + ".image"),
                whole(REDIS + ".databases"),
                choice(RedisSpec.Isolation.class, REDIS + ".isolation"),
                choice(Storage.class, REDIS + ".storage"),
                resources(REDIS),
                requestedPort(REDIS));
    }

    private Resources resources(String service) {
        return new Resources(text(service + ".resources.memory"));
    }

    private OptionalInt requestedPort(String service) {
        return settings.whole(service + ".port").map(OptionalInt::of).orElseGet(OptionalInt::empty);
    }

    private ManifestSpec manifest(YamlValue item) {
        if (!item.isMap()) {
            return new ManifestSpec(path(item.text()), ManifestSpec.DEFAULT_NAMESPACE);
        }
        return new ManifestSpec(
                path(item.get("path").orElseThrow().text()),
                item.get("namespace").map(YamlValue::text).orElse(ManifestSpec.DEFAULT_NAMESPACE));
    }

    /** Defaults as in the schema, which knows none by path for the items of a list. */
    private static SuiteSpec suite(YamlValue item) {
        var variables = new TreeMap<String, String>();
        item.get("env").map(YamlValue::entries).orElse(List.of()).forEach(one -> variables.put(one.key(), one.text()));
        return new SuiteSpec(
                item.get("name").orElseThrow().text(),
                item.get("image").orElseThrow().text(),
                item.get("command").map(EnvironmentReader::texts).orElse(List.of()),
                variables,
                new Resources(item.get("resources")
                        .flatMap(resources -> resources.get("memory"))
                        .map(YamlValue::text)
                        .orElse("1Gi")),
                Durations.parse(item.get("timeout").map(YamlValue::text).orElse("10m")),
                item.get("exclusive")
                        .map(YamlValue::text)
                        .filter("true"::equals)
                        .isPresent(),
                item.get("reports").map(EnvironmentReader::texts).orElse(List.of()).stream()
                        .map(ReportPath::new)
                        .toList());
    }

    /** One scalar counts as a list of it. */
    private static List<String> texts(YamlValue value) {
        return value.isList() ? value.items().stream().map(YamlValue::text).toList() : List.of(value.text());
    }

    private WorkersSpec workers() {
        return new WorkersSpec(
                whole("workers.count"),
                whole("workers.connections"),
                whole("workers.ports"),
                settings.has("workers.nodePorts")
                        ? whole("workers.nodePorts")
                        : new Capacity(settings).nodePortsThatFit(),
                choice(WorkersSpec.Access.class, "workers.access"),
                whole("workers.ahead"),
                settings.whole("workers.onDemand").map(OptionalInt::of).orElseGet(OptionalInt::empty));
    }

    private Timeouts timeouts() {
        return new Timeouts(
                duration("setup"),
                duration("engine"),
                duration("pull"),
                duration("cluster"),
                duration("services"),
                duration("manifests"),
                duration("teardown"),
                duration("total"));
    }

    private Duration duration(String name) {
        return Durations.parse(text("timeouts." + name));
    }

    private Path path(String relative) {
        return file.resolveSibling(relative).normalize();
    }

    private String text(String path) {
        return settings.text(path).orElseThrow();
    }

    private int whole(String path) {
        return settings.whole(path).orElseThrow();
    }

    private <E extends Enum<E>> E choice(Class<E> type, String path) {
        return Enum.valueOf(type, text(path).replace('-', '_').toUpperCase(Locale.ROOT));
    }
}
