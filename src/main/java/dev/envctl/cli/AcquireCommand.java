package dev.envctl.cli;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import dev.envctl.environment.WorkerLease;
import dev.envctl.spec.Durations;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code envctl worker acquire}. */
@Command(
        name = "acquire",
        mixinStandardHelpOptions = true,
        description = {
            "Get a lease: eval \"$$(envctl worker acquire --pid $$$$ -o env)\".",
            "It returns by itself when the process of --pid ends, or without a heartbeat within --ttl."
        })
final class AcquireCommand implements Callable<Integer> {
    @Mixin
    private EnvironmentOption environment = new EnvironmentOption();

    @Option(
            names = "--ttl",
            paramLabel = "DURATION",
            description = "Return it without a heartbeat for so long. Default: 5m, or never with --pid.")
    private String ttl = "";

    @Option(names = "--pid", paramLabel = "PID", description = "Return it when this process has ended.")
    private long pid;

    @Option(names = "--holder", paramLabel = "TEXT", description = "Who it is for, as lists show it.")
    private String holder = "";

    @Option(
            names = "--timeout",
            paramLabel = "DURATION",
            description = "How long to wait for one. Default: ${DEFAULT-VALUE}.",
            defaultValue = "30s")
    private String timeout = "30s";

    @Mixin
    private HandoutOption output = new HandoutOption();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private final Terminal terminal;

    AcquireCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        var body = new JsonObject();
        body.addProperty("holder", holder.isEmpty() ? "envctl worker acquire" : holder);
        if (!ttl.isEmpty()) {
            body.addProperty("ttl", Durations.format(duration(ttl, "--ttl")));
        }
        if (pid != 0) {
            body.addProperty("pid", pid);
        }
        var limit = duration(timeout, "--timeout");
        body.addProperty("timeout", Durations.format(limit));
        var recipient = output.open(spec, terminal);
        var lease = LeaseAccess.owner(environment, terminal.variables()).acquire(body, limit);
        recipient.take(new LeaseHandout(new Gson().fromJson(lease, WorkerLease.class)));
        return 0;
    }

    private Duration duration(String text, String option) {
        try {
            return Durations.parse(text);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(
                    spec.commandLine(), "Invalid value for %s: %s".formatted(option, e.getMessage()), e);
        }
    }
}
