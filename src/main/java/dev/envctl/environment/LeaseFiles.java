package dev.envctl.environment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The files of leases, {@code workers/N.*}: {@code N.json} is there exactly while lease N is somebody's, so it is written
 * after all others and deleted before them.
 */
record LeaseFiles(Path folder) {
    private static final Pattern JSON = Pattern.compile("([1-9]\\d{0,4})\\.json");
    private static final Pattern TOKEN = Pattern.compile("([1-9]\\d{0,4})\\.token");

    Path kubeconfig(int worker) {
        return folder.resolve(worker + ".kubeconfig");
    }

    Path token(int worker) {
        return folder.resolve(worker + ".token");
    }

    private Path json(int worker) {
        return folder.resolve(worker + ".json");
    }

    private Path env(int worker) {
        return folder.resolve(worker + ".env");
    }

    /** Not forced to the disk: they need only outlive the primary, and nothing outlives the machine's reboot. */
    Path write(WorkerLease lease) {
        if (lease.kept()) {
            EnvironmentDirectory.delete(env(lease.worker()));
        } else {
            EnvironmentDirectory.replace(env(lease.worker()), lease.env());
        }
        var json = json(lease.worker());
        EnvironmentDirectory.replace(json, lease.json());
        return json;
    }

    void delete(int worker) {
        List.of(json(worker), env(worker), kubeconfig(worker), token(worker)).forEach(EnvironmentDirectory::delete);
    }

    Optional<WorkerLease> read(int worker) {
        return WorkerLease.read(json(worker)).filter(lease -> lease.worker() == worker);
    }

    /** The workers that have a token, and when its file was last written (milliseconds since 1970). */
    Map<Integer, Long> tokens() {
        var found = new TreeMap<Integer, Long>();
        for (var worker : workers(TOKEN)) {
            var written = token(worker).toFile().lastModified();
            if (written > 0) {
                found.put(worker, written);
            }
        }
        return found;
    }

    /** All leases that are somebody's, by their index. */
    List<WorkerLease> all() {
        return workers(JSON).stream().flatMap(worker -> read(worker).stream()).toList();
    }

    private List<Integer> workers(Pattern names) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (var files = Files.list(folder)) {
            return files.map(file -> names.matcher(file.getFileName().toString()))
                    .filter(Matcher::matches)
                    .map(name -> Integer.parseInt(name.group(1)))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw EnvironmentDirectory.unwritable(folder, e);
        }
    }

    /** Why a worker could not use its lease; empty where each is whole and this environment's own. */
    static Optional<String> damage(HandOff handOff) {
        return handOff.workers().stream()
                .filter(worker -> !isWhole(handOff, worker))
                .findFirst()
                .map(worker -> "the lease of worker %d is gone or damaged".formatted(worker.index()));
    }

    private static boolean isWhole(HandOff handOff, HandOff.Worker worker) {
        var file = Path.of(worker.file());
        return WorkerLease.read(file)
                .filter(lease -> lease.worker() == worker.index()
                        && EnvironmentDirectory.read(file.resolveSibling(worker.index() + ".env"))
                                .filter(lease.env()::equals)
                                .isPresent()
                        && EnvironmentDirectory.read(Path.of(lease.kubeconfig()))
                                .filter(text -> text.contains(handOff.cluster().server())
                                        && text.contains("-" + handOff.id())
                                        && text.contains("current-context: " + lease.namespace()))
                                .isPresent())
                .isPresent();
    }
}
