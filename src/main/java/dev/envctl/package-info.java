/** The words every package shares: how a failure is told and how progress is reported. */
@NullMarked
package dev.envctl;

import org.jspecify.annotations.NullMarked;
