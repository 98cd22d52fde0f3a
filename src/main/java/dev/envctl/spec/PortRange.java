package dev.envctl.spec;

/** Host ports the environment may use, {@code from} and {@code to} included. */
public record PortRange(int from, int to) {
    public int size() {
        return to - from + 1;
    }

    @Override
    public String toString() {
        return from + "-" + to;
    }
}
