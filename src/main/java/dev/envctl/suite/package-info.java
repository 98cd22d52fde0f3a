/** Runs test suites as Jobs inside the cluster, and says of each pod how it ended and what it left. */
@NullMarked
package dev.envctl.suite;

import org.jspecify.annotations.NullMarked;
