package dev.envctl.primary;

import com.google.gson.JsonElement;
import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.process.KnownProcess;
import dev.envctl.spec.Durations;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/**
 * How long the environment stays; only the owner may ask for it. Each answers {@code {changed, lifetime}}, where {@code changed}
 * is false if the environment stays longer anyway: nobody who attaches ends it sooner.
 *
 * <ul>
 *   <li>{@code POST /v1/ttl} {@code {"ttl": "30m"}}: at least so long from now
 *   <li>{@code POST /v1/idle} {@code {"idle": "10m"}}: may be idle at least so long
 *   <li>{@code POST /v1/owners} {@code {"owner": "PID@STARTED"}}: as long as this process, too
 *   <li>{@code POST /v1/keep}: without an owner from now on, and until {@code down} or its time to live
 * </ul>
 */
final class LifetimeRoutes {
    private final Lifetime lifetime;
    private final Consumer<KnownProcess> onOwner;
    private final Runnable onKeep;

    /** @param onOwner told each owner that is added */
    LifetimeRoutes(Lifetime lifetime, Consumer<KnownProcess> onOwner, Runnable onKeep) {
        this.lifetime = lifetime;
        this.onOwner = onOwner;
        this.onKeep = onKeep;
    }

    List<Route> routes() {
        return List.of(
                Route.ofOwner("POST", "/v1/ttl", call -> answer(call, lifetime.extend(duration(call, "ttl")))),
                Route.ofOwner("POST", "/v1/idle", call -> answer(call, lifetime.rest(duration(call, "idle")))),
                Route.ofOwner("POST", "/v1/owners", call -> answer(call, own(call))),
                Route.ofOwner("POST", "/v1/keep", this::keep));
    }

    private boolean own(Call call) throws IOException {
        var text = text(call, "owner");
        var owner = KnownProcess.parse(text)
                .filter(KnownProcess::alive)
                .orElseThrow(() -> refused("owner", "\"%s\" is no process that runs".formatted(text)));
        var added = lifetime.add(owner);
        if (added) {
            onOwner.accept(owner);
        }
        return added;
    }

    private void keep(Call call) throws IOException {
        lifetime.disown();
        onKeep.run();
        answer(call, true);
    }

    private void answer(Call call, boolean changed) throws IOException {
        var json = new com.google.gson.JsonObject();
        json.addProperty("changed", changed);
        json.add("lifetime", lifetime.json());
        call.answer(200, json);
    }

    private static Duration duration(Call call, String member) throws IOException {
        try {
            return Durations.parse(text(call, member));
        } catch (IllegalArgumentException e) {
            throw refused(member, String.valueOf(e.getMessage()));
        }
    }

    private static String text(Call call, String member) throws IOException {
        JsonElement value = call.json().get(member);
        if (value == null || !value.isJsonPrimitive()) {
            throw refused(member, "it is missing");
        }
        return value.getAsString();
    }

    private static EnvctlException refused(String member, String why) {
        return new EnvctlException(FailureKind.USAGE, "`%s`: %s.".formatted(member, why), "");
    }
}
