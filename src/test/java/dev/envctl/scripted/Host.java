package dev.envctl.scripted;

import dev.envctl.CacheDirectory;
import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.Progress;
import dev.envctl.client.RemoveEnvironment;
import dev.envctl.engine.Engine;
import dev.envctl.engine.EngineKind;
import dev.envctl.environment.EnvironmentDirectory;
import dev.envctl.environment.HandOff;
import dev.envctl.environment.Tools;
import dev.envctl.kubernetes.Kubeconfig;
import dev.envctl.kubernetes.KubernetesApi;
import dev.envctl.kubernetes.ScriptedServer;
import dev.envctl.primary.Abandoned;
import dev.envctl.primary.Follower;
import dev.envctl.primary.LifetimeLimits;
import dev.envctl.primary.Primary;
import dev.envctl.primary.Starting;
import dev.envctl.process.Command;
import dev.envctl.process.OwnProcess;
import dev.envctl.readiness.Pauses;
import dev.envctl.readiness.Wait;
import dev.envctl.spec.ClusterSpec.EngineChoice;
import dev.envctl.spec.EnvironmentSpec;
import dev.envctl.spec.Fingerprint;
import dev.envctl.spec.Inputs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A machine with one project on it: starts processes that live, are killed, and meet full disks. */
final class Host {
    static final String NAME = "e2e";

    final World world;
    /** What Docker has, whose daemon answers only where it has anything. */
    final World docker;

    final Path folder;
    private final Kit kit;
    private final CacheDirectory cache;
    private final EnvironmentSpec spec;
    private final AtomicInteger primaries = new AtomicInteger();
    private long longestPause = 1;
    private volatile @Nullable PrimaryProcess primary;

    Host(Kit kit, Path folder, long seed) {
        this(kit, folder, new World(seed), new CacheDirectory(folder.resolve("cache")));
    }

    private Host(Kit kit, Path folder, World world, CacheDirectory cache) {
        this.kit = kit;
        this.folder = folder;
        this.world = world;
        this.docker = new World(0);
        this.cache = cache;
        this.spec = kit.spec();
    }

    /** The same machine, on which the project's files were copied elsewhere and then deleted. */
    Host movedTo(Path other) {
        var moved = new Host(kit, other, world, cache);
        var aside = folder.resolve("aside");
        try {
            // At once, because its primary writes.
            Files.move(directory().path(), aside);
            try (var files = Files.walk(aside)) {
                for (var file : files.toList()) {
                    var copy = moved.directory()
                            .path()
                            .resolve(aside.relativize(file).toString());
                    Files.createDirectories(copy.getParent());
                    Files.copy(file, copy);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        EnvironmentDirectory.delete(aside);
        return moved;
    }

    /** The environment's directory as a reader from outside sees it. */
    EnvironmentDirectory directory() {
        return EnvironmentDirectory.of(folder, NAME);
    }

    Life life(String name, Strike strike) {
        return new Life(world, name, strike);
    }

    EnvironmentDirectory directory(Life life) {
        return new EnvironmentDirectory(
                new ScriptedFileSystem(life).wrap(directory().path()));
    }

    private Tools tools(Life life, Strike next, FullDisk disk) {
        var programs = new ScriptedPrograms(world, life, () -> startPrimary(next, disk));
        var waits = Pauses.of(duration -> {
            life.live();
            world.pause(duration);
            Thread.sleep(Math.min(duration.toMillis(), longestPause));
        });
        return new Tools(
                kit.machine(),
                programs,
                programs,
                waits,
                (choice, limit, scratch) -> engine(choice, life),
                kubeconfig -> kubernetes(kubeconfig, life, waits),
                kit.images().images(),
                new CacheDirectory(new ScriptedFileSystem(life).wrap(cache.path())),
                new SecureRandom());
    }

    private Engine engine(EngineChoice choice, Life life) {
        if (choice != EngineChoice.DOCKER) {
            return new ScriptedEngine(EngineKind.PODMAN, world, life);
        }
        if (docker.isEmpty()) {
            throw new EnvctlException(FailureKind.PREREQUISITE, "No daemon answers.", "Start it.");
        }
        return new ScriptedEngine(EngineKind.DOCKER, docker, life);
    }

    private KubernetesApi kubernetes(Kubeconfig kubeconfig, Life life, Wait waits) {
        var port = URI.create(kubeconfig.server()).getPort();
        ScriptedServer server = (method, path, body) -> {
            Life.Effect<ScriptedServer.Reply, java.io.IOException> exchange = () -> {
                var node = world.behind(port);
                if (node == null) {
                    throw new ConnectException("Connection refused");
                }
                if (!kubeconfig.clientKey().equals(node.cluster)) {
                    throw new javax.net.ssl.SSLHandshakeException("unknown certificate");
                }
                return node.kubernetes.answer(method, path, body);
            };
            return life.step("kubernetes: " + method, exchange, exchange);
        };
        return server.client(waits);
    }

    PrimaryProcess startPrimary(Strike strike, FullDisk disk) {
        var life = life("primary", strike);
        life.on(disk);
        var entries = Fingerprint.of(
                        spec, Map.of("images.node", kit.images().pinned().reference()))
                .entries();
        var options = new Primary.Options(
                spec,
                List.of(kit.images().pinned()),
                directory(life),
                entries,
                Inputs.unknown(),
                false,
                LifetimeLimits.NONE,
                List.of());
        var started = new PrimaryProcess(
                        life,
                        options,
                        tools(life, Strike.never(), FullDisk.NEVER),
                        directory().primaryLog())
                .started();
        primary = started;
        primaries.incrementAndGet();
        return started;
    }

    /** Whose processes do not ask much more often than real ones: for many of them. */
    Host patient() {
        longestPause = 20;
        return this;
    }

    /** How many were started. */
    int primaries() {
        return primaries.get();
    }

    /** The one that was started last. */
    Optional<PrimaryProcess> primary() {
        return Optional.ofNullable(primary);
    }

    /** The one that lives now. */
    Optional<PrimaryProcess> alive() {
        return primary().filter(found -> found.alive() && !found.life.isDead());
    }

    void awaitEndOfTheDead() {
        primary().filter(found -> found.life.isDead()).ifPresent(PrimaryProcess::awaitEnd);
    }

    /** {@code envctl up}, whose primary may meet its end. */
    HandOff up(Strike strike, FullDisk disk) {
        var client = life("up", Strike.never());
        try (var follower = new Follower(directory(client), tools(client, strike, disk), Progress.SILENT)) {
            return follower.awaitReady(follower.findOrStart(new Start()).record());
        }
    }

    private static final class Start implements Starting {
        @Override
        public Command command() {
            return Command.of("envctl", "primary");
        }

        @Override
        public void inVain() {
            // Nobody would take it back.
        }
    }

    HandOff up() {
        return up(Strike.never(), FullDisk.NEVER);
    }

    /** {@code envctl down}, which may be killed itself. */
    boolean down(Strike strike, FullDisk disk) {
        var client = life("down", strike);
        client.on(disk);
        if (!Files.exists(directory().path())) {
            return new Abandoned(tools(client, Strike.never(), FullDisk.NEVER), spec.timeouts(), Progress.SILENT)
                    .remove(directory());
        }
        try (var follower =
                new Follower(directory(client), tools(client, Strike.never(), FullDisk.NEVER), Progress.SILENT)) {
            return follower.down(spec.timeouts(), "`envctl down`");
        } catch (EnvctlException e) {
            // Of the dead nobody hears.
            client.live();
            throw e;
        }
    }

    void down() {
        down(Strike.never(), FullDisk.NEVER);
        primary().ifPresent(PrimaryProcess::awaitEnd);
    }

    /** What a guardian runs when primary and owner are both gone. */
    void reap() {
        var client = life("reap", Strike.never());
        var there = Files.exists(directory().lock()) ? directory(client) : directory();
        new RemoveEnvironment(tools(client, Strike.never(), FullDisk.NEVER), Progress.SILENT)
                .reap(there, OwnProcess.pid());
    }

    /** {@code envctl gc}. */
    List<Abandoned.Found> gc() {
        var client = life("gc", Strike.never());
        return new Abandoned(tools(client, Strike.never(), FullDisk.NEVER), spec.timeouts(), Progress.SILENT)
                .collect(folder, false);
    }

    /** A client's failure must be one that a user can act on. */
    static EnvctlException clear(EnvctlException failure) {
        if (failure.problem().isBlank()
                || failure.problem().contains("Unexpected")
                || failure.problem().contains("null")
                || failure.remedy().isBlank()) {
            throw new AssertionError(
                    "not a clear failure: %s / %s".formatted(failure.problem(), failure.remedy()), failure);
        }
        return failure;
    }
}
