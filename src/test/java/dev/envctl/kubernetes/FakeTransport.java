package dev.envctl.kubernetes;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Answers each request by its method and path, in the order the answers were scripted; the last one stays. */
final class FakeTransport implements Transport {
    private interface Step {
        Response take() throws IOException;
    }

    final List<Request> asked = new ArrayList<>();
    private final Map<String, Deque<Step>> script = new HashMap<>();

    FakeTransport on(String request, int status, String body) {
        return step(request, () -> new Response(status, body));
    }

    FakeTransport broken(String request, String message) {
        return step(request, () -> {
            throw new IOException(message);
        });
    }

    private FakeTransport step(String request, Step step) {
        script.computeIfAbsent(request, key -> new ArrayDeque<>()).add(step);
        return this;
    }

    List<String> paths() {
        return asked.stream()
                .map(request -> request.method() + " " + request.path())
                .toList();
    }

    @Override
    public synchronized Response send(Request request, Duration timeout) throws IOException {
        asked.add(request);
        var steps = script.get(request.method() + " " + request.path());
        if (steps == null) {
            return new Response(404, "{\"message\": \"nothing scripted\"}");
        }
        return (steps.size() > 1 ? steps.remove() : steps.element()).take();
    }

    @Override
    public void close() {}
}
