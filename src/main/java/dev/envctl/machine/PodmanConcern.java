package dev.envctl.machine;

/** What containers.conf may have to say on a machine. */
enum PodmanConcern {
    LIMITS("Limits of containers"),
    CGROUPS("cgroup manager"),
    RUNTIME("Container runtime");

    private final String title;

    PodmanConcern(String title) {
        this.title = title;
    }

    String title() {
        return title;
    }
}
