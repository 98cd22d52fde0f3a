/** What the runner of GitHub Actions does with a step, as far as envctl relies on it. */
@org.jspecify.annotations.NullMarked
package dev.envctl.runner;
