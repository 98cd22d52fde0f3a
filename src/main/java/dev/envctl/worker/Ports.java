package dev.envctl.worker;

import java.util.stream.IntStream;

/** A block of host ports, both ends included. */
public record Ports(int from, int to) {
    /** Written as {@code 15040-15049}. */
    static Ports parse(String text) {
        try {
            var hyphen = text.indexOf('-');
            return new Ports(Integer.parseInt(text.substring(0, hyphen)), Integer.parseInt(text.substring(hyphen + 1)));
        } catch (NumberFormatException | IndexOutOfBoundsException e) {
            throw new LeaseException("ENVCTL_PORTS is no block of ports: " + text, e);
        }
    }

    /** Each of them, in their order. */
    public IntStream stream() {
        return IntStream.rangeClosed(from, to);
    }
}
