package dev.envctl.scripted;

import dev.envctl.EnvctlException;
import dev.envctl.environment.Tools;
import dev.envctl.primary.Message;
import dev.envctl.primary.Primary;
import dev.envctl.process.Background;
import dev.envctl.process.OwnProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A real primary in a thread of its own, as if it were a process. */
final class PrimaryProcess implements Background {
    private static final int KILLED = 137;
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private static final Duration LOOK = Duration.ofMillis(20);

    final Life life;
    final List<String> said = Collections.synchronizedList(new ArrayList<>());
    private final Primary primary;
    private final Thread thread;
    private final Path log;
    private volatile int exitCode = KILLED;

    PrimaryProcess(Life life, Primary.Options options, Tools tools, Path log) {
        this.log = log;
        this.life = life;
        this.primary = new Primary(options, tools, this::hear);
        this.thread = new Thread(this::run, "primary");
    }

    PrimaryProcess started() {
        thread.setDaemon(true);
        thread.start();
        return this;
    }

    private void run() {
        try {
            exitCode = primary.run();
        } catch (Killed e) {
            exitCode = KILLED;
        } catch (EnvctlException e) {
            lastWords(e);
            exitCode = e.kind().exitCode();
        }
    }

    /** As the command line does, also for a primary that has no API yet. */
    private void lastWords(EnvctlException e) {
        try {
            Files.writeString(
                    log, e.problem() + "\n" + e.remedy() + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException unwritten) {
            said.add("no last words: " + unwritten);
        }
    }

    private void hear(Message message) {
        said.add(message.toString());
        if (message instanceof Message.Failed failed) {
            lastWords(failed.failure());
        }
    }

    /** kill -9, and its end. */
    void kill() {
        life.kill();
        thread.interrupt();
        awaitEnd();
    }

    /** Fails where it does not end by itself. */
    void awaitEnd() {
        var until = System.nanoTime() + LIMIT.toNanos();
        try {
            while (thread.isAlive() && System.nanoTime() < until) {
                thread.join(LOOK.toMillis());
                if (life.isDead()) {
                    // The strike hit another of its threads while this one only waited.
                    thread.interrupt();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (thread.isAlive()) {
            var where = new StringBuilder();
            for (var frame : thread.getStackTrace()) {
                where.append("\n    ").append(frame);
            }
            throw new AssertionError("a primary does not end: " + life + where);
        }
    }

    /** Whether it was asked to, or has been killed. */
    boolean isEnding() {
        return life.isDead() || said("REMOVING");
    }

    boolean said(String words) {
        synchronized (said) {
            return said.stream().anyMatch(line -> line.contains(words));
        }
    }

    @Override
    public long pid() {
        return OwnProcess.pid();
    }

    /** A strike may have hit another of its threads while this one only waits. */
    @Override
    public boolean alive() {
        return thread.isAlive() && !life.isDead();
    }

    @Override
    public int exitCode() {
        return exitCode;
    }

    @Override
    public void leave() {
        // It has no parent that would wait for its end.
    }

    @Override
    public void end() {
        primary.end("ended by a signal");
        awaitEnd();
    }
}
