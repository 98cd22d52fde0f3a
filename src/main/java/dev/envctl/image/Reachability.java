package dev.envctl.image;

import dev.envctl.AtOnce;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Which registries do not answer. */
final class Reachability {
    private final Map<String, String> reasonByHost;

    private Reachability(Map<String, String> reasonByHost) {
        this.reasonByHost = reasonByHost;
    }

    /**
     * Asks each registry once, all at the same time: under five seconds.
     *
     * @param silence why nobody answers for a repository; empty if somebody does
     */
    static Reachability of(List<Repository> wanted, Function<Repository, Optional<String>> silence) {
        var hosts = new LinkedHashMap<String, Repository>();
        wanted.forEach(repository -> hosts.putIfAbsent(repository.host(), repository));
        var repositories = List.copyOf(hosts.values());
        var reasons = AtOnce.each("Fetching images", 4, repositories, silence);
        var silent = new TreeMap<String, String>();
        for (var index = 0; index < repositories.size(); index++) {
            var host = repositories.get(index).host();
            reasons.get(index).ifPresent(reason -> silent.put(host, reason));
        }
        return new Reachability(silent);
    }

    boolean reaches(Repository repository) {
        return !reasonByHost.containsKey(repository.host());
    }

    /** Such as {@code docker.io (registry-1.docker.io: the name cannot be resolved)}. */
    String reasons() {
        return reasonByHost.entrySet().stream()
                .map(entry -> "%s (%s)".formatted(entry.getKey(), entry.getValue()))
                .collect(Collectors.joining(", "));
    }
}
