package dev.envctl.kubernetes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** What a real API server (Kubernetes 1.34.4, containerd 1.6, kind 0.33) answered. */
final class Captured {
    private Captured() {}

    static String text(String name) {
        try (var stream = Captured.class.getResourceAsStream("kubernetes-1.34.4/" + name + ".json")) {
            if (stream == null) {
                throw new IllegalArgumentException("no capture " + name);
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Map<String, Object> object(String name) {
        return new Json().read(text(name));
    }

    static Map<String, Object> pod(String name) {
        return PlainValues.object(Fields.of(object(name)).at("pod").object());
    }

    static List<Map<String, Object>> events(String name) {
        return Fields.of(object(name)).list("events").stream()
                .map(event -> PlainValues.object(event.object()))
                .toList();
    }
}
