package dev.envctl.scripted;

import dev.envctl.scripted.Strike.Moment;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;

/**
 * One process on the scripted host, from its start to its death. Everything it does to the host, to its files and to its
 * cluster is a step; a strike kills it at one of them. After that no step of any of its threads has an effect: the host
 * and the files are as kill -9 leaves them.
 */
final class Life {
    /** What a step does. */
    @FunctionalInterface
    interface Effect<T, E extends Exception> {
        T run() throws E;
    }

    private final World world;
    private final String name;
    private final List<String> steps = new ArrayList<>();
    private final List<FileChannel> locks = new ArrayList<>();
    private Strike strike;
    private FullDisk disk = FullDisk.NEVER;
    private int matched;
    private volatile boolean dead;
    private String end = "alive";

    Life(World world, String name, Strike strike) {
        this.world = world;
        this.name = name;
        this.strike = strike;
    }

    void strike(Strike next) {
        synchronized (world) {
            strike = next;
            matched = 0;
        }
    }

    void on(FullDisk full) {
        synchronized (world) {
            disk = full;
        }
    }

    boolean isDead() {
        return dead;
    }

    /** Its steps so far, by name. */
    List<String> steps() {
        synchronized (world) {
            return List.copyOf(steps);
        }
    }

    void kill() {
        synchronized (world) {
            if (!dead) {
                die("killed at rest");
            }
        }
    }

    /** The kernel frees the locks of the dead. */
    private void die(String how) {
        dead = true;
        world.orphan();
        end = how;
        for (var channel : locks) {
            try {
                channel.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Holds locks until its end. */
    void locksWith(FileChannel channel) {
        synchronized (world) {
            locks.add(channel);
        }
    }

    /** For what changes nothing: the dead do not look either. */
    void live() {
        if (dead) {
            throw new Killed();
        }
    }

    /** @param half what is done when the strike comes in the middle */
    <T, E extends Exception> T step(String what, Effect<T, E> half, Effect<T, E> whole) throws E {
        synchronized (world) {
            live();
            world.drift();
            steps.add(what);
            var now = what.startsWith(strike.step()) && ++matched == strike.occurrence();
            if (now) {
                die("killed %s `%s`".formatted(strike.moment(), what));
                if (strike.moment() == Moment.HALFWAY) {
                    half.run();
                }
                if (strike.moment() != Moment.AFTER) {
                    throw new Killed();
                }
            }
            var result = whole.run();
            live();
            return result;
        }
    }

    /** A change of a file; the disk may be full. */
    <T> T write(String what, Effect<T, IOException> half, Effect<T, IOException> whole) throws IOException {
        return step(what, half, () -> {
            if (disk.isFullAt(what)) {
                if (disk.takesAPart(what)) {
                    half.run();
                }
                throw disk.failure(what);
            }
            return whole.run();
        });
    }

    @Override
    public String toString() {
        return name + " " + end + " after " + steps.size() + " steps";
    }
}
