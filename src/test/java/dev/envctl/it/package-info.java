/** Tests on real clusters, through the command line, as a user would. */
@NullMarked
package dev.envctl.it;

import org.jspecify.annotations.NullMarked;
