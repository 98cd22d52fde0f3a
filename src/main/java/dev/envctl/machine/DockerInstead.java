package dev.envctl.machine;

/** The check for Docker where Podman is the engine that is looked for first: trouble with it is only a remark. */
record DockerInstead(Check docker) implements Check {
    static final String TITLE = "Docker, instead of Podman";

    @Override
    public String title() {
        return TITLE;
    }

    @Override
    public Need need() {
        return Need.ADVICE;
    }

    @Override
    public Verdict look() {
        return docker.look();
    }
}
