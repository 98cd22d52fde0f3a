package dev.envctl.image;

import dev.envctl.Progress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps what was told. */
final class RecordingProgress implements Progress {
    final List<Event> events = new CopyOnWriteArrayList<>();

    @Override
    public void report(Event event) {
        events.add(event);
    }
}
