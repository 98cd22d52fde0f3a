/** What this machine has and lacks for running environments, and mending it. */
@NullMarked
package dev.envctl.machine;

import org.jspecify.annotations.NullMarked;
