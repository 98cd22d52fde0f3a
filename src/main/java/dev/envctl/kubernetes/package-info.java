/** Talking to a Kubernetes API server: apply, read, judge readiness, and say why a pod does not start. */
@NullMarked
package dev.envctl.kubernetes;

import org.jspecify.annotations.NullMarked;
