package dev.envctl.cli;

import com.google.gson.Gson;
import java.util.Map;
import java.util.Set;

/** Only the variables of a handout, where people look. */
record VariablesHandout(Handout of, Shell shell) implements Handout {
    @Override
    public String text() {
        return shell.lines(variables());
    }

    @Override
    public String json() {
        return WorkerCommand.pretty(new Gson().toJsonTree(variables()));
    }

    @Override
    public Map<String, String> variables() {
        return of.variables();
    }

    @Override
    public Map<String, String> outputs() {
        return of.outputs();
    }

    @Override
    public Set<String> secrets() {
        return of.secrets();
    }

    @Override
    public String summary() {
        return of.summary();
    }
}
