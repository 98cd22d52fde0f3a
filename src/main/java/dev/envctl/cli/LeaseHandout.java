package dev.envctl.cli;

import dev.envctl.environment.Secrets;
import dev.envctl.environment.WorkerLease;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** One worker's lease. */
record LeaseHandout(WorkerLease lease) implements Handout {
    /** Its number. */
    @Override
    public String text() {
        return lease.worker() + "\n";
    }

    @Override
    public String json() {
        return lease.json();
    }

    @Override
    public Map<String, String> variables() {
        return lease.variables();
    }

    @Override
    public Map<String, String> outputs() {
        var outputs = new LinkedHashMap<String, String>();
        outputs.put("worker", Integer.toString(lease.worker()));
        outputs.put("lease", lease.lease());
        outputs.put("test-id", lease.testId());
        outputs.put("namespace", lease.namespace());
        outputs.put("kubeconfig", lease.kubeconfig());
        outputs.put("ports", lease.ports().toString());
        var postgres = lease.postgres();
        outputs.put("database-url", postgres == null ? "" : postgres.url());
        var redis = lease.redis();
        outputs.put("redis-url", redis == null ? "" : redis.url());
        return outputs;
    }

    @Override
    public Set<String> secrets() {
        return Secrets.of(lease);
    }

    @Override
    public String summary() {
        return "Lease %d: namespace `%s`, test ids `%s-…`, ports %s\n\n"
                .formatted(lease.worker(), lease.namespace(), lease.testId(), lease.ports());
    }
}
