/** Images: which ones are locked, where their content comes from, and the archives that hold it on this machine. */
@NullMarked
package dev.envctl.image;

import org.jspecify.annotations.NullMarked;
