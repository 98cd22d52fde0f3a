/** Postgres and Redis: what they are in Kubernetes, how their readiness is asked, and what a worker's lease in them is. */
@NullMarked
package dev.envctl.service;

import org.jspecify.annotations.NullMarked;
