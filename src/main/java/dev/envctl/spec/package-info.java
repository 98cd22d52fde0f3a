/** What the user asked for: the environment file, checked, as values. */
@NullMarked
package dev.envctl.spec;

import org.jspecify.annotations.NullMarked;
