/** Ownership: the one process that owns an environment, its lock, its API, its life and its end. */
@NullMarked
package dev.envctl.primary;

import org.jspecify.annotations.NullMarked;
