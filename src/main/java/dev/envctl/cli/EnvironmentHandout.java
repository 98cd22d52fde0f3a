package dev.envctl.cli;

import dev.envctl.environment.EnvironmentDirectory;
import dev.envctl.environment.HandOff;
import dev.envctl.environment.Secrets;
import dev.envctl.environment.Timeline;
import dev.envctl.primary.PrimaryRecord;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** A ready environment, for tools and for whoever starts the workers. */
record EnvironmentHandout(HandOff handOff, EnvironmentDirectory directory) implements Handout {
    @Override
    public String text() {
        return HandOffText.of(handOff);
    }

    @Override
    public String json() {
        return handOff.json();
    }

    /** The settings that are no worker's own, and where those of the workers are. */
    @Override
    public Map<String, String> variables() {
        var variables = new LinkedHashMap<>(handOff.variables());
        variables.put("ENVCTL_WORKERS", workers());
        variables.put("ENVCTL_DIRECTORY", directory.path().toString());
        return variables;
    }

    @Override
    public Map<String, String> outputs() {
        var outputs = new LinkedHashMap<String, String>();
        outputs.put("name", handOff.name());
        outputs.put("id", handOff.id());
        outputs.put("directory", directory.path().toString());
        outputs.put("kubeconfig", handOff.cluster().kubeconfig());
        outputs.put("context", handOff.cluster().context());
        outputs.put("workers", workers());
        var postgres = handOff.services().postgres();
        outputs.put("database-url", postgres == null ? "" : postgres.url());
        var redis = handOff.services().redis();
        outputs.put("redis-url", redis == null ? "" : redis.url());
        return outputs;
    }

    private String workers() {
        return Integer.toString(handOff.workers().size());
    }

    @Override
    public Set<String> secrets() {
        var secrets = Secrets.of(handOff);
        PrimaryRecord.read(directory.primary()).ifPresent(primary -> secrets.add(primary.token()));
        return secrets;
    }

    @Override
    public String summary() {
        return EnvironmentSummary.ready(handOff, Timeline.read(directory.timeline()));
    }
}
