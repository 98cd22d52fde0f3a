package dev.envctl.primary;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.cluster.Labels;
import dev.envctl.environment.Past;
import java.util.ArrayList;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** A primary's failures as those are told who wait for the environment or for its end. */
final class LifeFailures {
    private final Primary.Options options;

    LifeFailures(Primary.Options options) {
        this.options = options;
    }

    /** Who only waits for the environment was not interrupted himself. */
    EnvctlException ended(EnvctlException failure, String reason) {
        return new EnvctlException(
                FailureKind.FAILED,
                "Environment %s was removed before it was ready: %s."
                        .formatted(options.spec().name(), reason),
                "`envctl up` makes it anew.",
                failure);
    }

    /** With {@code --keep-on-failure}. */
    EnvctlException kept(EnvctlException failure) {
        var name = options.spec().name();
        var look =
                "What was made is kept to be looked at: `KUBECONFIG=%s kubectl get pods -A`, `envctl logs postgres -e %s`."
                        .formatted(options.directory().kubeconfig(), name);
        return new EnvctlException(
                failure.kind(),
                failure.problem(),
                "%s\n%s\n`envctl down -e %s` removes it."
                        .formatted(failure.remedy(), look, name)
                        .strip(),
                failure.details(),
                failure);
    }

    /** Why it failed comes first: that is what is to be mended. */
    static EnvctlException both(EnvctlException failure, EnvctlException left) {
        var details = new ArrayList<>(failure.details());
        details.addAll(left.details());
        var remedies = failure.remedy().isEmpty() ? left.remedy() : failure.remedy() + "\n" + left.remedy();
        return new EnvctlException(
                failure.kind(), failure.problem() + "\n" + left.problem(), remedies, details, failure);
    }

    /** The same where the environment's folder is gone, or another primary's. */
    EnvctlException leftElsewhere(EnvctlException e, Set<String> ids) {
        var gc = "Then `envctl gc` removes what is left, once no primary lives in %s."
                .formatted(options.directory().path());
        return new EnvctlException(
                e.kind(),
                "The environment could not be removed whole: %s Nodes, volumes and networks with label %s=%s may be left."
                        .formatted(e.problem(), Labels.ID, String.join(" or ", new TreeSet<>(ids))),
                e.remedy().isEmpty() ? gc : e.remedy() + "\n" + gc,
                e.details(),
                e);
    }

    /** What could not be removed, and may be of this environment. */
    EnvctlException left(EnvctlException e, Optional<Past> past) {
        var cluster = past.map(found -> " Nodes, volumes and the network of cluster %s may be left."
                        .formatted(found.identity().cluster()))
                .orElse("");
        var again = "Then `envctl down -e %s` removes what is left: it is found by its labels."
                .formatted(options.spec().name());
        return new EnvctlException(
                e.kind(),
                "The environment could not be removed whole: %s%s".formatted(e.problem(), cluster),
                e.remedy().isEmpty() ? again : e.remedy() + "\n" + again,
                e.details(),
                e);
    }
}
