package dev.envctl.scripted;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.environment.EnvironmentDirectory;
import dev.envctl.environment.HandOff;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The folder was moved, copied or deleted, and the cluster is somebody's or nobody's. */
@Timeout(120)
final class FolderGoneTest {
    private final Kit kit;
    private final Path folder;

    FolderGoneTest(@TempDir Path folder) {
        this.folder = folder;
        kit = Kit.in(folder);
    }

    /** As `mv` to another file system does it: the lock is another file there. */
    @Test
    void whatHasALivingPrimaryElsewhereIsNotTouched() {
        var host = kit.host(1);
        var ready = host.up();
        var moved = host.movedTo(folder.resolve("moved"));

        assertSomebodyElses(moved, ready);
        assertThat(catchThrowableOfType(EnvctlException.class, moved::down).kind())
                .isEqualTo(FailureKind.NOT_OWNER);
        assertThat(host.world.nodes.keySet())
                .containsExactlyElementsOf(ready.cluster().nodes());

        host.alive().orElseThrow().kill();
        moved.up();
        moved.down();
        Check.nothingLeft(moved);
    }

    @Test
    void whatIsClaimedForAMomentIsTakenOver() throws IOException {
        var host = kit.host(2);
        var ready = host.up();
        host.alive().orElseThrow().kill();
        var claim = claim(host, ready);
        var released = CompletableFuture.runAsync(
                () -> close(claim), CompletableFuture.delayedExecutor(500, TimeUnit.MILLISECONDS));

        assertThat(host.up().id()).isEqualTo(ready.id());
        released.join();
        host.down();
        Check.nothingLeft(host);
    }

    @Test
    void whatStaysClaimedIsLeftAsItIs() throws IOException {
        var host = kit.host(3);
        var ready = host.up();
        host.alive().orElseThrow().kill();
        var claim = claim(host, ready);

        assertSomebodyElses(host, ready);
        close(claim);
        assertThat(host.up().id()).isEqualTo(ready.id());
        host.down();
        Check.nothingLeft(host);
    }

    /** The guardian and the next command are told of nothing to remove only where it is somebody else's for sure. */
    @Test
    void whatIsClaimedForAMomentIsRemovedByAPrimaryThatIsEndedMeanwhile() throws IOException {
        var host = kit.host(14);
        var ready = host.up();
        host.alive().orElseThrow().kill();
        var claim = claim(host, ready);
        EnvironmentDirectory.delete(host.directory().primary());
        var next = host.startPrimary(Strike.never(), FullDisk.NEVER);
        await().until(() -> Files.exists(host.directory().primary()));
        var released = CompletableFuture.runAsync(
                () -> close(claim), CompletableFuture.delayedExecutor(500, TimeUnit.MILLISECONDS));

        next.end();
        released.join();
        Check.nothingLeft(host);
    }

    private static void assertSomebodyElses(Host host, HandOff ready) {
        var failure = catchThrowableOfType(EnvctlException.class, host::up);
        assertThat(failure.kind()).isEqualTo(FailureKind.NOT_OWNER);
        assertThat(failure.problem())
                .startsWith("Cluster %s has a living primary already (pid ".formatted(ready.id()))
                .endsWith("Nothing of it was changed.");
        assertThat(failure.remedy()).contains("`kill ");
        host.primary().ifPresent(PrimaryProcess::awaitEnd);
        assertThat(host.world.nodes.keySet())
                .containsExactlyElementsOf(ready.cluster().nodes());
    }

    /** What `gc` does while it looks. */
    private static FileChannel claim(Host host, HandOff ready) throws IOException {
        var channel = FileChannel.open(host.folder.resolve("cache/clusters.lock"), StandardOpenOption.WRITE);
        assertThat(channel.tryLock(Long.parseLong(ready.id(), 16), 1, false)).isNotNull();
        return channel;
    }

    private static void close(FileChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void upRemovesWhatAKilledPrimaryMadeForADeletedFolder() {
        var host = abandoned(4);

        Check.ready(host, host.up());
        assertThat(host.primary().orElseThrow().said("it was made for this folder, and its primary is gone"))
                .isTrue();
        host.down();
        Check.nothingLeft(host);
    }

    @Test
    void downRemovesWhatAKilledPrimaryMadeForADeletedFolder() {
        var host = abandoned(5);

        assertThat(host.down(Strike.never(), FullDisk.NEVER)).isTrue();
        Check.nothingLeft(host);
        assertThat(host.directory().path()).doesNotExist();
        assertThat(host.down(Strike.never(), FullDisk.NEVER)).isFalse();
    }

    @Test
    void downAsksEveryEngineWhereOnlyLogsTellOfTheEnvironment() {
        var host = abandoned(8);
        host.directory().create();
        toDocker(host);

        assertThat(host.down(Strike.never(), FullDisk.NEVER)).isTrue();
        assertThat(host.docker.toString()).isEqualTo(new World(0).toString());
        Check.nothingLeft(host);
    }

    private static void toDocker(Host host) {
        host.docker.networks.putAll(host.world.networks);
        host.docker.volumes.putAll(host.world.volumes);
        host.docker.nodes.putAll(host.world.nodes);
        host.world.networks.clear();
        host.world.volumes.clear();
        host.world.nodes.clear();
    }

    private Host abandoned(long seed) {
        var host = kit.host(seed);
        host.up();
        host.alive().orElseThrow().kill();
        EnvironmentDirectory.delete(host.directory().path());
        return host;
    }

    @Test
    void upAndDownLeaveWhatALivingPrimaryMadeForADeletedFolder() {
        var host = kit.host(6);
        var ready = host.up();
        var living = host.alive().orElseThrow();
        host.movedTo(folder.resolve("elsewhere"));

        for (var command : List.<Runnable>of(() -> host.down(Strike.never(), FullDisk.NEVER), host::up)) {
            assertThat(catchThrowableOfType(EnvctlException.class, command::run).kind())
                    .isEqualTo(FailureKind.NOT_OWNER);
        }
        assertThat(host.world.nodes.keySet())
                .containsExactlyElementsOf(ready.cluster().nodes());
        living.kill();
        host.primary().ifPresent(PrimaryProcess::awaitEnd);
        host.down();
        Check.nothingLeft(host);
    }

    /** As where the folder is mounted into another container, in which nobody sees the other's locks. */
    @Test
    void anEndTouchesNothingOfWhoeverHasTheFolderNow() {
        var host = kit.host(10);
        host.up();
        var before = host.alive().orElseThrow();
        deleteFolder(host);
        synchronized (host.world) {
            host.world.networks.replaceAll((network, labels) -> {
                var elsewhere = new HashMap<>(labels);
                elsewhere.put("dev.envctl.place", "another container");
                return elsewhere;
            });
        }
        var ready = host.up();

        before.end();
        Check.ready(host, ready);
        assertThat(before.said("no file in it is changed")).isTrue();
        host.down();
        Check.nothingLeft(host);
    }

    @Test
    void anEndMakesNoFolderAnew() {
        var host = kit.host(11);
        host.up();
        deleteFolder(host);

        host.alive().orElseThrow().end();
        Check.nothingLeft(host);
        assertThat(host.directory().path()).doesNotExist();
    }

    @Test
    void anEndLeavesNoFilesWhereTheLockAloneWasDeleted() throws IOException {
        var host = kit.host(9);
        host.up();
        var alive = host.alive().orElseThrow();
        Files.delete(host.directory().lock());

        alive.end();
        Check.nothingLeft(host);
        assertThat(host.directory().primary()).doesNotExist();
        assertThat(host.directory().handOff()).doesNotExist();
    }

    /** At once, because its primary writes. */
    private void deleteFolder(Host host) {
        var aside = folder.resolve("aside");
        try {
            Files.move(host.directory().path(), aside);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        EnvironmentDirectory.delete(aside);
    }

    /** As a `status --watch` does, or an `up` that waits. */
    @Test
    void reapWaitsForWhoeverOnlyAsksForTheLock() throws IOException {
        var host = kit.host(7);
        host.up();
        host.alive().orElseThrow().kill();
        var asking = FileChannel.open(host.directory().lock(), StandardOpenOption.READ);
        assertThat(asking.tryLock(0, 1, true)).isNotNull();
        var asked = CompletableFuture.runAsync(
                () -> close(asking), CompletableFuture.delayedExecutor(500, TimeUnit.MILLISECONDS));

        host.reap();
        asked.join();
        Check.nothingLeft(host);
    }

    @Test
    void reapAndGcWaitForWhoeverHoldsTheClusterForAMoment() throws IOException {
        var host = kit.host(12);
        for (var command : List.<Runnable>of(host::reap, host::gc)) {
            var ready = host.up();
            host.alive().orElseThrow().kill();
            EnvironmentDirectory.delete(host.directory().path());
            var claim = claim(host, ready);
            var released = CompletableFuture.runAsync(
                    () -> close(claim), CompletableFuture.delayedExecutor(500, TimeUnit.MILLISECONDS));

            command.run();
            released.join();
            Check.nothingLeft(host);
        }
    }

    /** The guardian tries again then. */
    @Test
    void reapFailsWhereSomebodyHoldsTheClusterForLonger() throws IOException {
        var host = kit.host(13);
        var ready = host.up();
        host.alive().orElseThrow().kill();
        EnvironmentDirectory.delete(host.directory().path());
        var claim = claim(host, ready);

        assertThat(catchThrowableOfType(EnvctlException.class, host::reap).kind())
                .isEqualTo(FailureKind.NOT_OWNER);
        close(claim);
        host.reap();
        Check.nothingLeft(host);
    }
}
