/** A worker's side: reads its lease and asks the primary. Needs nothing but the JDK, so that tests can use it as it is. */
@NullMarked
package dev.envctl.worker;

import org.jspecify.annotations.NullMarked;
