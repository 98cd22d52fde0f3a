package dev.envctl.kubernetes;

import dev.envctl.FailureKind;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What the status of one container of a pod means. */
final class ContainerDiagnosis {
    /** From this many restarts on, an exit counts as a crash loop. */
    private static final int RESTARTS = 2;

    private static final int KILLED = 137;
    private static final Set<String> PULL_FAILED = Set.of("ErrImagePull", "ImagePullBackOff", "RegistryUnavailable");
    private static final List<String> PULL_MAY_HEAL =
            List.of("429", "toomanyrequests", "too many requests", "timeout", "timed out", "deadline exceeded", "eof");
    private static final List<String> PULL_REFUSED = List.of(
            "not found", "unauthorized", "forbidden", "access denied", "authorization failed", "manifest unknown");
    private static final Pattern REFUSED_STATUS = Pattern.compile("\\b(401|403|404)\\b");

    private final Fields pod;
    private final Fields status;
    private final List<Map<String, Object>> events;

    ContainerDiagnosis(Fields pod, Fields status, List<Map<String, Object>> events) {
        this.pod = pod;
        this.status = status;
        this.events = events;
    }

    /** A state that cannot heal by itself. */
    Optional<PodVerdict> hopeless() {
        return outOfMemory().or(this::noImage).or(this::cannotBeStarted).or(this::crashLoop);
    }

    /** A state that may still pass. */
    Optional<PodVerdict> waiting() {
        var reason = status.text("state", "waiting", "reason");
        if (!reason.isEmpty() && !Set.of("ContainerCreating", "PodInitializing").contains(reason)) {
            return Optional.of(PodVerdict.notYet(described("waiting: " + withMessage(reason))));
        }
        if (status.has("state", "terminated") && status.number("state", "terminated", "exitCode") != 0) {
            return Optional.of(PodVerdict.notYet(described("ended: " + exit(status.at("state", "terminated")))));
        }
        if (status.number("restartCount") > 0 && status.has("lastState", "terminated")) {
            return Optional.of(
                    PodVerdict.notYet(described("restarted: last " + exit(status.at("lastState", "terminated")))));
        }
        return Optional.empty();
    }

    private Optional<PodVerdict> outOfMemory() {
        var ended = terminations().filter(ContainerDiagnosis::killedForMemory).findFirst();
        var neverStarted = startDidNotFit();
        if (ended.isEmpty() && !neverStarted) {
            return Optional.empty();
        }
        var certain = neverStarted
                || ended.filter(ContainerDiagnosis::certainlyForMemory).isPresent();
        var limit = memoryLimit();
        var what = "%s %s%s"
                .formatted(
                        certain ? "OOM killed" : "killed (exit code 137, most likely for memory)",
                        limit.isEmpty() ? "without a memory limit of its own" : "at its limit of " + limit,
                        ended.map(termination -> ", " + exit(termination)).orElse(""));
        return Optional.of(PodVerdict.hopeless(FailureKind.FAILED, described(what), raiseMemory()));
    }

    /** runc says so when the limit is too small even for itself: in the status, or when it made the sandbox. */
    private boolean startDidNotFit() {
        return Stream.concat(
                        Stream.of(status.text("state", "waiting", "message")),
                        events.stream().map(event -> Fields.of(event).text("message")))
                .anyMatch(message -> message.contains("init was OOM-killed"));
    }

    /** The runtime says OOMKilled, or only that the process was killed, or that not even its start fitted. */
    private static boolean killedForMemory(Fields termination) {
        return certainlyForMemory(termination) || termination.number("exitCode") == KILLED;
    }

    private static boolean certainlyForMemory(Fields termination) {
        return termination.text("reason").equals("OOMKilled")
                || termination.text("message").contains("OOM-killed");
    }

    private String raiseMemory() {
        var service = pod.text("metadata", "labels", ServiceLabel.NAME);
        return service.isEmpty()
                ? "Raise the memory limit of container %s.".formatted(status.text("name"))
                : "Raise services.%s.resources.memory.".formatted(service);
    }

    private String memoryLimit() {
        return Stream.concat(pod.list("spec", "initContainers").stream(), pod.list("spec", "containers").stream())
                .filter(container -> container.text("name").equals(status.text("name")))
                .map(container -> container.text("resources", "limits", "memory"))
                .findFirst()
                .orElse("");
    }

    private Optional<PodVerdict> noImage() {
        var reason = status.text("state", "waiting", "reason");
        var never = Set.of("ErrImageNeverPull", "InvalidImageName").contains(reason);
        if (!never && !(PULL_FAILED.contains(reason) && refused())) {
            return Optional.empty();
        }
        var remedy = reason.equals("ErrImageNeverPull")
                ? "The image is not on the node and must not be pulled: run `envctl images verify`, then `envctl up`."
                : "Check the image's name and digest in images.lock with `envctl images verify`.";
        return Optional.of(PodVerdict.hopeless(
                FailureKind.IMAGE,
                described("waiting: %s, image %s".formatted(withMessage(reason), status.text("image"))),
                remedy));
    }

    /** A registry that said no, in the status or, before Kubernetes 1.31, only in an event. */
    private boolean refused() {
        var said = Stream.concat(
                        Stream.of(status.text("state", "waiting", "message")),
                        events.stream()
                                .map(event -> Fields.of(event).text("message"))
                                .filter(message -> message.startsWith("Failed to pull image")))
                .reduce("", (all, next) -> all + "\n" + next)
                .toLowerCase(Locale.ROOT)
                // Digests hold every number there is.
                .replaceAll("sha256:[0-9a-f]+", "");
        return PULL_MAY_HEAL.stream().noneMatch(said::contains)
                && (PULL_REFUSED.stream().anyMatch(said::contains)
                        || REFUSED_STATUS.matcher(said).find());
    }

    private Optional<PodVerdict> cannotBeStarted() {
        var reason = status.text("state", "waiting", "reason");
        if (reason.equals("CreateContainerConfigError")) {
            return Optional.of(PodVerdict.hopeless(
                    FailureKind.FAILED,
                    described("waiting: " + withMessage(reason)),
                    "Mend what its configuration refers to, such as a Secret or ConfigMap that is missing."));
        }
        var badCommand = Stream.concat(Stream.of(status.at("state", "waiting")), terminations())
                .filter(state -> Set.of("RunContainerError", "CreateContainerError", "StartError", "ContainerCannotRun")
                        .contains(state.text("reason")))
                .filter(state -> isBadCommand(state.text("message")))
                .findFirst();
        return badCommand.map(state -> PodVerdict.hopeless(
                FailureKind.FAILED,
                described("cannot start: " + oneLine(state.text("message"))),
                "Correct the container's command."));
    }

    private static boolean isBadCommand(String message) {
        return message.contains("executable file not found")
                || message.contains("no such file or directory")
                || message.contains("permission denied")
                || message.contains("no command specified");
    }

    private Optional<PodVerdict> crashLoop() {
        var restarts = status.number("restartCount");
        var backingOff = status.text("state", "waiting", "reason").equals("CrashLoopBackOff");
        var crashed = terminations()
                .filter(termination -> termination.number("exitCode") != 0)
                .findFirst();
        if (crashed.isEmpty() || !(restarts >= RESTARTS || backingOff)) {
            return Optional.empty();
        }
        var what = "%s, %s, %d restart%s"
                .formatted(
                        backingOff ? "waiting: CrashLoopBackOff" : "crashing again and again",
                        "last " + exit(crashed.get()),
                        restarts,
                        restarts == 1 ? "" : "s");
        return Optional.of(PodVerdict.hopeless(FailureKind.FAILED, described(what), mendWhatItSays()));
    }

    private String mendWhatItSays() {
        var service = pod.text("metadata", "labels", ServiceLabel.NAME);
        return service.isEmpty()
                ? "Mend what its log complains about, then run `envctl up` again."
                : "Mend services.%s in the environment file as its log says, then run `envctl up` again."
                        .formatted(service);
    }

    private Stream<Fields> terminations() {
        return Stream.of(status.at("state", "terminated"), status.at("lastState", "terminated"))
                .filter(termination -> termination.has("exitCode"));
    }

    private static String exit(Fields termination) {
        var reason = termination.text("reason");
        return "exit code %d%s"
                .formatted(
                        termination.number("exitCode"),
                        reason.isEmpty() || reason.equals("Error") ? "" : " (" + reason + ")");
    }

    private String withMessage(String reason) {
        var message = oneLine(status.text("state", "waiting", "message"));
        return message.isEmpty() ? reason : reason + ": " + message;
    }

    private static String oneLine(String text) {
        return text.strip().replaceAll("\\s*\\R\\s*", "; ");
    }

    private String described(String state) {
        return "pod/%s container %s: %s".formatted(pod.text("metadata", "name"), status.text("name"), state);
    }
}
