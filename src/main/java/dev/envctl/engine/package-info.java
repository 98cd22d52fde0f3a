/** The container engine, Podman or Docker: found, asked and told through its API. */
@NullMarked
package dev.envctl.engine;

import org.jspecify.annotations.NullMarked;
