package dev.envctl.primary;

import dev.envctl.EnvctlException;
import dev.envctl.Progress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Everything the primary has said, for clients that come late, and the current state. Thread-safe. */
final class EventLog implements Progress {
    private final List<Message> messages = new ArrayList<>();
    private final Consumer<Message> also;
    private final Map<String, RunningPhase> running = new LinkedHashMap<>();
    private State state = State.CREATING;
    private boolean ended;

    /** @param also told everything as well, in order */
    EventLog(Consumer<Message> also) {
        this.also = also;
    }

    @Override
    public void report(Event event) {
        add(new Message.Event(event));
    }

    void change(State next) {
        add(new Message.Changed(next));
    }

    void fail(EnvctlException failure) {
        add(new Message.Failed(failure));
    }

    private synchronized void add(Message message) {
        if (message instanceof Message.Changed changed) {
            state = changed.state();
        }
        if (message instanceof Message.Event event) {
            remember(event.event());
        }
        messages.add(message);
        also.accept(message);
        notifyAll();
    }

    /** A phase that has not ended, since when, and the last reason why. */
    record RunningPhase(String name, Instant since, String reason) {}

    private void remember(Event event) {
        if (event instanceof Started started) {
            running.put(started.phase(), new RunningPhase(started.phase(), Instant.now(), ""));
        } else if (event instanceof Waiting waiting) {
            running.computeIfPresent(
                    waiting.phase(), (name, phase) -> new RunningPhase(name, phase.since(), waiting.reason()));
        } else if (event instanceof Finished finished) {
            running.remove(finished.phase());
        }
    }

    synchronized List<RunningPhase> running() {
        return List.copyOf(running.values());
    }

    synchronized State state() {
        return state;
    }

    /** Nothing more will be said. */
    synchronized void end() {
        ended = true;
        notifyAll();
    }

    synchronized boolean ended() {
        return ended;
    }

    /** Messages from {@code index} on; waits up to {@code limit} for the first of them, but not after the end. */
    synchronized List<Message> from(int index, Duration limit) throws InterruptedException {
        var until = System.nanoTime() + limit.toNanos();
        while (messages.size() <= index) {
            var left = (until - System.nanoTime()) / 1_000_000;
            if (ended || left <= 0) {
                return List.of();
            }
            wait(left);
        }
        return List.copyOf(messages.subList(index, messages.size()));
    }
}
