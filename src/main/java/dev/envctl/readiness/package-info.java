/** Waiting: bounded, with the last reason kept and shown. The only place that sleeps. */
@NullMarked
package dev.envctl.readiness;

import org.jspecify.annotations.NullMarked;
