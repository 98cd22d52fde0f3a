/** The command line: translates between people and the parts below, decides nothing itself. */
@NullMarked
package dev.envctl.cli;

import org.jspecify.annotations.NullMarked;
