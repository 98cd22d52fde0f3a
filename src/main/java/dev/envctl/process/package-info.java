/** Runs programs: argument lists, a deadline always, both streams drained, the whole tree ended on interrupt. */
@NullMarked
package dev.envctl.process;

import org.jspecify.annotations.NullMarked;
