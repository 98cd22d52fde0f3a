/** The Maven plugin: an environment for a build's integration tests, which ends when the build ends. */
@NullMarked
package dev.envctl.maven;

import org.jspecify.annotations.NullMarked;
