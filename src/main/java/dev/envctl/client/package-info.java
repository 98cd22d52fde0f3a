/** What every front door does with an environment: reads what is asked for, makes it ready, ends its own use of it. */
@NullMarked
package dev.envctl.client;

import org.jspecify.annotations.NullMarked;
