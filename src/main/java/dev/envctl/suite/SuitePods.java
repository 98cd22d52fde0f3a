package dev.envctl.suite;

import dev.envctl.kubernetes.PodRun;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The pods of one suite as they were last seen, and what that means. What is gone is never taken for done. */
final class SuitePods {
    private final String memoryLimit;
    private final Map<String, PodRun> seen = new LinkedHashMap<>();
    private List<PodRun> present = List.of();

    /** @param memoryLimit of the suite's container, as the file says it */
    SuitePods(String memoryLimit) {
        this.memoryLimit = memoryLimit;
    }

    void look(List<PodRun> now) {
        present = List.copyOf(now);
        now.forEach(pod -> seen.put(pod.uid(), pod));
    }

    /** All that ever were. */
    List<PodRun> all() {
        return List.copyOf(seen.values());
    }

    boolean isGone(PodRun pod) {
        return present.stream().noneMatch(one -> one.uid().equals(pod.uid()));
    }

    /** Whether it will not change any more. */
    boolean hasSettled(PodRun pod) {
        return present.stream()
                .filter(one -> one.uid().equals(pod.uid()))
                .noneMatch(one -> one.phase().equals("Running"));
    }

    /** The pod whose container works or has worked. */
    Optional<PodRun> begun() {
        return present.stream().filter(pod -> pod.trouble().isEmpty()).findFirst();
    }

    /** Why nothing runs yet; empty where something does. */
    String waiting() {
        return present.stream()
                .map(PodRun::trouble)
                .filter(trouble -> !trouble.isEmpty())
                .collect(Collectors.joining("; "));
    }

    /** Empty while it works. */
    Optional<Ending> ending() {
        return all().stream()
                .flatMap(pod -> gone(pod).stream())
                .findFirst()
                .or(() -> present.stream().flatMap(pod -> ending(pod).stream()).findFirst());
    }

    private Optional<Ending> gone(PodRun pod) {
        if (!pod.taken().isEmpty()) {
            return Optional.of(Ending.lost("pod %s: %s".formatted(pod.name(), pod.taken())));
        }
        return isGone(pod) ? Optional.of(Ending.lost("pod %s is gone".formatted(pod.name()))) : Optional.empty();
    }

    private Optional<Ending> ending(PodRun pod) {
        if (pod.expired()) {
            return Optional.of(new Ending(Outcome.TIMEOUT, "Kubernetes ended it at its limit", Optional.empty()));
        }
        if (pod.end().isPresent()) {
            return Optional.of(ended(pod, pod.end().get()));
        }
        if (pod.hopeless()) {
            var remedy = pod.remedy().isEmpty() ? "" : ". " + pod.remedy();
            return Optional.of(new Ending(Outcome.FAILED, pod.trouble() + remedy, Optional.empty()));
        }
        return switch (pod.phase()) {
            case "Failed", "Succeeded", "Unknown" ->
                Optional.of(Ending.lost(
                        "pod %s: phase %s, and nobody says how it ended".formatted(pod.name(), pod.phase())));
            default -> Optional.empty();
        };
    }

    private Ending ended(PodRun pod, PodRun.End end) {
        var here = Optional.of(pod);
        if (end.outOfMemory()) {
            return new Ending(
                    Outcome.FAILED,
                    "OOM killed at its limit of %s, exit code %d".formatted(memoryLimit, end.exitCode()),
                    here);
        }
        if (end.exitCode() != 0) {
            var why = end.reason().equals("Error")
                    ? ""
                    : " (%s %s)".formatted(end.reason(), end.message()).replace(" )", ")");
            return new Ending(Outcome.FAILED, "exit code %d%s".formatted(end.exitCode(), why), here);
        }
        return new Ending(Outcome.PASSED, "", here);
    }
}
