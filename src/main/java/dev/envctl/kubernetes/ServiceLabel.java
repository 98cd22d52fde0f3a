package dev.envctl.kubernetes;

/** Marks the pods of one of the environment's own services, so that advice can name the setting to change. */
public final class ServiceLabel {
    /** Its value is the service's name in the environment file, such as {@code postgres}. */
    public static final String NAME = "dev.envctl.service";

    private ServiceLabel() {}
}
