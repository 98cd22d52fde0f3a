package dev.envctl.cli;

import dev.envctl.client.Request;
import dev.envctl.environment.EnvironmentDirectory;
import dev.envctl.environment.HandOff;
import dev.envctl.environment.Rehearsal;
import dev.envctl.primary.Liveness;
import dev.envctl.primary.PrimaryRecord;
import dev.envctl.spec.Overrides;
import java.io.IOException;
import java.nio.file.Files;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Loads what {@code up} will need and does nothing with it: the launcher takes the class list of its archive from it. */
@Command(name = "rehearse", hidden = true, description = "Load the classes that `envctl up` needs; change nothing.")
final class RehearseCommand implements Callable<Integer> {
    // Apart, because QDox 2.2 reads our sources for the plugin's descriptor and takes // in a text block for a comment.
    private static final String API = "http://127.0.0.1:9";
    private static final String PRIMARY = """
            {"pid": 1, "api": "%s", "token": "", "started": "", "bootId": "",
             "fingerprint": {"a": "b"}, "inputs": {"files": {"/": "absent"}, "rest": ""}}
            """.formatted(API);
    private static final String HAND_OFF = """
            {"apiVersion": "envctl.dev/v1", "name": "rehearsal", "id": "", "state": "ready",
             "cluster": {"provider": "", "engine": "", "kubeconfig": "", "context": "", "server": "", "nodes": [""]},
             "services": {
               "postgres": {"host": "", "port": 1, "user": "", "password": "", "database": "", "url": "",
                            "inCluster": {"host": "", "port": 1, "url": ""}},
               "redis": {"host": "", "port": 1, "user": "", "password": "", "url": "",
                         "inCluster": {"host": "", "port": 1, "url": ""}}},
             "workers": [{"index": 1, "file": "workers/1.json"}],
             "images": [{"name": "", "reference": "", "digest": ""}],
             "primary": {"pid": 1, "api": "", "started": ""}, "timings": {"up": 1.5}}
            """;

    @Mixin
    private EnvironmentOption environment = new EnvironmentOption();

    private final Terminal terminal;

    RehearseCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        var variables = terminal.variables();
        var request =
                Request.read(Wiring.installation(), environment.files(), environment.name(variables), Overrides.none());
        request.inputs().hold(Overrides.none(), Wiring.build());
        attach(request);
        Wiring.tools(variables);
        new Rehearsal().run();
        return 0;
    }

    /** What {@code up} does where the environment runs already, in a folder that goes away again. */
    private static void attach(Request request) throws IOException {
        var folder = Files.createTempDirectory("envctl-rehearsal-");
        try {
            var directory = EnvironmentDirectory.of(folder, "rehearsal");
            directory.create();
            Files.createFile(directory.lock());
            EnvironmentDirectory.write(directory.primary(), PRIMARY);
            EnvironmentDirectory.write(directory.handOff(), HAND_OFF);
            Liveness.of(directory);
            request.fingerprint()
                    .differences(PrimaryRecord.read(directory.primary())
                            .orElseThrow()
                            .fingerprint());
            new EnvironmentHandout(HandOff.read(directory).orElseThrow(), directory).text();
        } finally {
            EnvironmentDirectory.delete(folder);
        }
    }
}
