/** The kind cluster: how it is created, reached, fed with images, and found and removed again from nothing but its name. */
@NullMarked
package dev.envctl.cluster;

import org.jspecify.annotations.NullMarked;
