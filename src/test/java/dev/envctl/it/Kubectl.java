package dev.envctl.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** kubectl as a user runs it, on this machine; where it is not installed, the binary that every node has. */
final class Kubectl {
    private final Project project;
    private final String program;
    private final String kubeconfig;

    private Kubectl(Project project, String program, String kubeconfig) {
        this.project = project;
        this.program = program;
        this.kubeconfig = kubeconfig;
    }

    /** With all rights. */
    static Kubectl admin(Project project, JsonObject handOff) {
        var cluster = handOff.getAsJsonObject("cluster");
        return new Kubectl(
                project, program(project, cluster), cluster.get("kubeconfig").getAsString());
    }

    /** With the rights that another kubeconfig gives. */
    Kubectl with(String otherKubeconfig) {
        return new Kubectl(project, program, otherKubeconfig);
    }

    private static String program(Project project, JsonObject cluster) {
        var there = project.bash("command -v kubectl || true").stdout().strip();
        if (!there.isEmpty()) {
            return there;
        }
        var copied = project.bash("""
                %s exec %s sh -c 'cat "$(command -v kubectl)"' > kubectl
                chmod +x kubectl
                """.formatted(
                        cluster.get("engine").getAsString(),
                        cluster.getAsJsonArray("nodes").get(0).getAsString()));
        assertThat(copied.exitCode()).as(copied.all()).isZero();
        return project.folder().resolve("kubectl").toString();
    }

    Ran run(String... arguments) {
        var command = new ArrayList<>(List.of(program, "--request-timeout=30s"));
        command.addAll(List.of(arguments));
        return project.program(Map.of("KUBECONFIG", kubeconfig), command.toArray(String[]::new));
    }

    String succeeds(String... arguments) {
        var ran = run(arguments);
        assertThat(ran.exitCode()).as(ran.all()).isZero();
        return ran.stdout();
    }

    /** One object, or a list of them. */
    JsonObject get(String... arguments) {
        var command = new ArrayList<>(List.of("get", "-o", "json"));
        command.addAll(List.of(arguments));
        return JsonParser.parseString(succeeds(command.toArray(String[]::new))).getAsJsonObject();
    }
}
