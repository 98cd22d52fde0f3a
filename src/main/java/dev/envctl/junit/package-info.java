/** For tests on JUnit 5.10 or newer and 6: a worker's lease as a parameter, pristine databases, locks between processes. */
@NullMarked
package dev.envctl.junit;

import org.jspecify.annotations.NullMarked;
