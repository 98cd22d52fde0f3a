package dev.envctl.engine;

/**
 * A program that has run inside a container.
 *
 * @param output what it wrote to both streams, in the order it arrived
 */
public record Execution(int exitCode, String output) {
    public boolean succeeded() {
        return exitCode == 0;
    }
}
