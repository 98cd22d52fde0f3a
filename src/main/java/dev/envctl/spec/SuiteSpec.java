package dev.envctl.spec;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One test suite that runs inside the cluster.
 *
 * @param name a DNS label of at most 40 characters, unique in its file
 * @param image its name in images.lock
 * @param command runs instead of the image's entrypoint; empty for the image's own
 * @param variables what it is given besides the settings of its lease
 * @param timeout how long it may take from its start
 * @param exclusive whether no other suite may run beside it
 * @param reports folders and patterns of files in the container; empty for none
 */
public record SuiteSpec(
        String name,
        String image,
        List<String> command,
        Map<String, String> variables,
        Resources resources,
        Duration timeout,
        boolean exclusive,
        List<ReportPath> reports) {
    public SuiteSpec {
        command = List.copyOf(command);
        variables = Collections.unmodifiableMap(new TreeMap<>(variables));
        reports = List.copyOf(reports);
    }
}
