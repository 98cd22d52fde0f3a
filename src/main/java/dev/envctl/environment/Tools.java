package dev.envctl.environment;

import dev.envctl.CacheDirectory;
import dev.envctl.engine.Engines;
import dev.envctl.image.Images;
import dev.envctl.kubernetes.Kubeconfig;
import dev.envctl.kubernetes.KubernetesApi;
import dev.envctl.machine.Machine;
import dev.envctl.process.Leftovers;
import dev.envctl.process.Programs;
import dev.envctl.readiness.Wait;
import java.security.SecureRandom;
import java.util.function.Function;

/**
 * What environments are made with.
 *
 * @param kubernetes opens the way to an API server, which the caller closes
 */
public record Tools(
        Machine machine,
        Programs programs,
        Leftovers leftovers,
        Wait waits,
        Engines engines,
        Function<Kubeconfig, KubernetesApi> kubernetes,
        Images images,
        CacheDirectory cache,
        SecureRandom random) {}
