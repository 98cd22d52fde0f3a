package dev.envctl.kubernetes;

import dev.envctl.FailureKind;

/**
 * What a pod's state amounts to.
 *
 * @param reason one line that starts with the pod's name
 * @param kind and {@code remedy} matter only where the state is hopeless
 */
record PodVerdict(State state, String reason, FailureKind kind, String remedy) {
    enum State {
        READY,
        NOT_YET,
        HOPELESS
    }

    static PodVerdict ready(String reason) {
        return new PodVerdict(State.READY, reason, FailureKind.FAILED, "");
    }

    static PodVerdict notYet(String reason) {
        return new PodVerdict(State.NOT_YET, reason, FailureKind.FAILED, "");
    }

    static PodVerdict hopeless(FailureKind kind, String reason, String remedy) {
        return new PodVerdict(State.HOPELESS, reason, kind, remedy);
    }

    boolean isHopeless() {
        return state == State.HOPELESS;
    }
}
