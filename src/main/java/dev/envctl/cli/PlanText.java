package dev.envctl.cli;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.envctl.client.Request;
import dev.envctl.environment.Up;
import dev.envctl.machine.HostMemory;
import dev.envctl.spec.CapacityPlan;
import dev.envctl.spec.Durations;
import dev.envctl.spec.MemoryForecast;
import dev.envctl.spec.Quantity;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What {@code up} would do, as data for standard output. */
final class PlanText {
    private PlanText() {}

    static String text(Request request, Optional<HostMemory> memory) {
        var spec = request.spec();
        var text = new StringBuilder();
        text.append("environment %s from %s%n".formatted(spec.name(), spec.file()));
        text.append("cluster     envctl-%s-ID, a new ID each time; %d node(s); engine %s%n"
                .formatted(
                        spec.name(),
                        spec.cluster().workerNodes() + 1,
                        spec.cluster().engine()));
        text.append("files       %s%n".formatted(request.directory().path()));
        text.append(
                "ports       from %s: the API server, the services, %d workers with %d each and %d that reach node ports%n"
                        .formatted(
                                spec.ports(),
                                spec.workers().count(),
                                spec.workers().ports(),
                                spec.workers().nodePorts()));
        text.append("capacity%n".formatted());
        capacity(request, memory)
                .forEach(line -> text.append("  %-16s %s of %d%s%s%n"
                        .formatted(
                                line.what(),
                                line.sum(),
                                line.available(),
                                line.unit().isEmpty() ? "" : " " + line.unit(),
                                line.fits() ? "" : "  TOO MUCH")));
        text.append("images%n".formatted());
        request.images().forEach(image -> text.append("  %-10s %s%n".formatted(image.name(), image.reference())));
        text.append("phases, in all at most %s%n"
                .formatted(Durations.format(spec.timeouts().total())));
        for (var phase : Up.plan(spec)) {
            text.append("  %-20s at most %-6s %s%n"
                    .formatted(
                            phase.name(),
                            Durations.format(phase.limit()),
                            phase.after().isEmpty() ? "" : "after " + String.join(", ", phase.after())));
        }
        return text.toString();
    }

    private static List<CapacityPlan.Line> capacity(Request request, Optional<HostMemory> memory) {
        var lines = new ArrayList<>(CapacityPlan.of(request.spec()));
        var forecast = MemoryForecast.of(request.spec());
        memory.ifPresent(host -> lines.add(new CapacityPlan.Line(
                "this machine", forecast.sum(), forecast.total(), host.available() / Quantity.MEBIBYTE, "MiB")));
        return lines;
    }

    static String json(Request request, Optional<HostMemory> memory) {
        var json = new JsonObject();
        json.addProperty("name", request.spec().name());
        json.addProperty("file", request.spec().file().toString());
        json.addProperty("directory", request.directory().path().toString());
        json.addProperty("ports", request.spec().ports().toString());
        var capacity = new JsonArray();
        capacity(request, memory).forEach(line -> {
            var entry = new JsonObject();
            entry.addProperty("what", line.what());
            entry.addProperty("sum", line.sum());
            entry.addProperty("needed", line.needed());
            entry.addProperty("available", line.available());
            entry.addProperty("unit", line.unit());
            entry.addProperty("fits", line.fits());
            capacity.add(entry);
        });
        json.add("capacity", capacity);
        var images = new JsonArray();
        request.images().forEach(image -> {
            var entry = new JsonObject();
            entry.addProperty("name", image.name());
            entry.addProperty("reference", image.reference());
            images.add(entry);
        });
        json.add("images", images);
        var phases = new JsonArray();
        Up.plan(request.spec()).forEach(phase -> {
            var entry = new JsonObject();
            entry.addProperty("name", phase.name());
            entry.addProperty("limitSeconds", phase.limit().toSeconds());
            var after = new JsonArray();
            phase.after().forEach(after::add);
            entry.add("after", after);
            phases.add(entry);
        });
        json.add("phases", phases);
        return new GsonBuilder()
                        .setPrettyPrinting()
                        .disableHtmlEscaping()
                        .create()
                        .toJson(json) + "\n";
    }
}
