package dev.envctl.image;

import dev.envctl.CacheDirectory;
import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.Progress;
import dev.envctl.process.Command;
import dev.envctl.process.Finished;
import dev.envctl.process.Programs;
import dev.envctl.readiness.Deadline;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Builds stand-ins for images from language and OS package registries, by the project's {@code scripts/images/build}. What
 * was built is kept in the cache under the hash of its recipe.
 */
final class Recipes {
    private static final Duration HASH_LIMIT = Duration.ofSeconds(30);

    private final Path script;
    private final CacheDirectory cache;
    private final Programs programs;

    /** @param script the program {@code scripts/images/build} */
    Recipes(Path script, CacheDirectory cache, Programs programs) {
        this.script = script;
        this.cache = cache;
        this.programs = programs;
    }

    /** Whether this checkout has that recipe. */
    boolean has(String recipe) {
        return Files.isRegularFile(script) && Files.isDirectory(script.resolveSibling(recipe));
    }

    /** The hash of each recipe's content, by name. Recipes that this checkout does not have are left out. */
    Map<String, String> hashes(List<String> recipes) {
        var known = recipes.stream().distinct().filter(this::has).toList();
        if (known.isEmpty()) {
            return Map.of();
        }
        var arguments = new ArrayList<>(List.of("--hash"));
        arguments.addAll(known);
        var finished = programs.run(command(arguments).timeout(HASH_LIMIT));
        var lines = finished.orThrow("Run the command by hand.").lines().toList();
        requireOnePer(known, lines, finished);
        var hashes = new LinkedHashMap<String, String>();
        for (var index = 0; index < known.size(); index++) {
            hashes.put(known.get(index), lines.get(index).strip());
        }
        return hashes;
    }

    /** What was built from a recipe of that content, if it is still in the cache. */
    Optional<BuiltImage> find(String recipe, String hash) {
        var file = cache.path().resolve("built").resolve(recipe).resolve(hash).resolve("image.json");
        return Files.isRegularFile(file) ? Optional.of(BuiltImage.read(file)) : Optional.empty();
    }

    /**
     * Builds what is not in the cache yet: minutes the first time, no time afterwards.
     *
     * @return what was built, in the order of the recipes
     */
    List<BuiltImage> build(List<String> recipes, Progress progress, Deadline deadline) {
        var arguments = new ArrayList<>(List.of("--cache", cache.path().toString()));
        arguments.addAll(recipes);
        var steps = new BuildSteps(progress);
        var outcome = Progress.Outcome.FAILED;
        try {
            var finished = programs.run(command(arguments).timeout(deadline.remainingForCall()), steps);
            var files = finished.orThrow(
                            "The full log is `build.log` below %s. What was built before is kept: `envctl setup` goes on from there."
                                    .formatted(cache.path().resolve("built")))
                    .lines()
                    .toList();
            requireOnePer(recipes, files, finished);
            outcome = Progress.Outcome.OK;
            return files.stream().map(Path::of).map(BuiltImage::read).toList();
        } catch (EnvctlException e) {
            outcome = e.kind() == FailureKind.INTERRUPTED ? Progress.Outcome.CANCELLED : Progress.Outcome.FAILED;
            throw e;
        } finally {
            steps.endAll(outcome);
        }
    }

    /** Puts what another machine built where a build would have put it, whole or not at all. */
    BuiltImage add(CheckedStandIn standIn, Platform platform) {
        var folder = cache.path().resolve("built").resolve(standIn.recipe()).resolve(standIn.hash());
        var content = new ArchiveContent(standIn.tagged(), standIn.manifest(), platform, standIn.blobs());
        try {
            var temporary = Files.createTempDirectory(StoredFile.createParent(folder), ".load");
            try {
                var archive = temporary.resolve("image.tar");
                StoredFile.write(archive, stream -> ArchiveWriter.write(content, stream));
                ArchiveReader.verify(archive, standIn.manifest().digest());
                var built = standIn.built(platform, Files.size(archive), folder.resolve("image.tar"));
                StoredFile.write(
                        temporary.resolve("image.json"), built.json().toString().getBytes(StandardCharsets.UTF_8));
                Files.move(temporary, folder, StandardCopyOption.ATOMIC_MOVE);
                return built;
            } finally {
                StoredFile.removeTree(temporary);
            }
        } catch (IOException e) {
            throw StoredFile.cannot("write", folder, e);
        }
    }

    private Command command(List<String> arguments) {
        var all = new ArrayList<>(List.of("bash", script.toString()));
        all.addAll(arguments);
        return Command.of(all);
    }

    private static void requireOnePer(List<String> recipes, List<String> lines, Finished finished) {
        if (lines.size() != recipes.size()) {
            throw new EnvctlException(
                    FailureKind.FAILED,
                    "`%s` was to print %d lines and printed %d."
                            .formatted(finished.command().paste(), recipes.size(), lines.size()),
                    "Run the command by hand.",
                    lines,
                    null);
        }
    }
}
