/** The story: up and down of one environment, as an ordered graph of phases. */
@NullMarked
package dev.envctl.environment;

import org.jspecify.annotations.NullMarked;
