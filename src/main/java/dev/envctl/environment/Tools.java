package dev.envctl.environment;

import dev.envctl.CacheDirectory;
import dev.envctl.engine.EngineFinder;
import dev.envctl.image.Images;
import dev.envctl.process.Programs;
import dev.envctl.readiness.Wait;
import java.security.SecureRandom;

/** What environments are made with. */
public record Tools(
        Programs programs,
        Wait waits,
        EngineFinder engines,
        Images images,
        CacheDirectory cache,
        SecureRandom random) {}
