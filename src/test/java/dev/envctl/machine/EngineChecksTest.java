package dev.envctl.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.envctl.machine.Outcome.State;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EngineChecksTest {
    @TempDir
    Path root;

    private final ScriptedPrograms programs = FakeMachine.programs();

    @Test
    void findsPodmanWithVersionAndPath() {
        assertThat(podman(new FakeMachine(root)).outcome()).isEqualTo(Outcome.ok("Podman 4.3.1 at /usr/bin/podman"));
    }

    @Test
    void refusesPodmanOlderThanFour() {
        programs.says("podman --version", "podman version 3.4.4\n");

        var verdict = podman(new FakeMachine(root));

        assertThat(verdict.outcome().state()).isEqualTo(State.WRONG);
        assertThat(verdict.outcome().text()).contains("3.4", "4.0 or newer");
        assertThat(verdict.mends()).isEmpty();
    }

    @Test
    void installsPodmanWithOnlyThoseCompanionsThatAreMissing() {
        var verdict = podmanless(new FakeMachine(root).without("/usr/lib/podman/netavark"), "runc");

        assertThat(verdict.outcome().commands())
                .containsExactly("apt-get update", "apt-get install -y --no-install-recommends podman runc netavark");
        assertThat(verdict.mends())
                .containsExactly(new InstallPackages(
                        new java.util.TreeSet<>(List.of(Component.PODMAN, Component.RUNTIME, Component.NETAVARK))));
    }

    @Test
    void showsCommandsBehindSudoToThoseWithoutRoot() {
        var verdict = podmanless(new FakeMachine(root).user(1000));

        assertThat(verdict.mends()).isEmpty();
        assertThat(verdict.outcome().commands())
                .containsExactly("sudo apt-get update", "sudo apt-get install -y --no-install-recommends podman");
    }

    @Test
    void showsFedorasCommands() {
        var machine = new FakeMachine(root).distribution("ID=fedora\nVERSION_ID=42\nPRETTY_NAME=\"Fedora Linux 42\"\n");
        programs.hasNot("iptables");

        var verdict = podmanless(machine);

        assertThat(verdict.mends()).isEmpty();
        assertThat(verdict.outcome().commands()).containsExactly("dnf install -y podman iptables-nft");
    }

    @Test
    void showsAlpinesCommandsToADescendantOfAlpine() {
        var machine = new FakeMachine(root)
                .distribution("ID=postmarketos\nID_LIKE=\"alpine\"\n")
                .user(1000);

        assertThat(podmanless(machine).outcome().commands()).containsExactly("sudo apk add podman");
    }

    @Test
    void showsHomebrewsCommandsOnMacOs() {
        assertThat(podmanless(new FakeMachine(root).mac()).outcome().commands())
                .containsExactly("brew install podman", "podman machine init --rootful", "podman machine start");
    }

    @Test
    void installsNoPodmanFromAnUbuntuWhosePodmanIsTooOld() {
        var machine = new FakeMachine(root)
                .distribution("ID=ubuntu\nID_LIKE=debian\nVERSION_ID=\"22.04\"\nPRETTY_NAME=\"Ubuntu 22.04.5 LTS\"\n");

        var verdict = podmanless(machine);

        assertThat(verdict.outcome().text()).contains("Podman of Ubuntu 22.04.5 LTS is older than 4");
        assertThat(verdict.outcome().commands()).contains("apt-get install -y docker.io");
        assertThat(verdict.mends()).isEmpty();
    }

    @Test
    void isContentWithNftablesAndCrunInsteadOfIptablesAndRunc() {
        programs.hasNot("iptables").hasNot("runc").has("nft", "crun");
        var machine = new FakeMachine(root).look();

        var verdict = ComponentsCheck.podmanNeeds(machine, new Installed(machine, programs))
                .look();

        assertThat(verdict.outcome().state()).isEqualTo(State.OK);
    }

    @Test
    void findsToolsInSbinWhereTheSearchPathDoesNotLead() {
        programs.hasNot("iptables");
        var machine =
                new FakeMachine(root).file("/usr/sbin/iptables", "").user(1000).look();

        var verdict = ComponentsCheck.podmanNeeds(machine, new Installed(machine, programs))
                .look();

        assertThat(verdict.outcome().state()).isEqualTo(State.OK);
    }

    @Test
    void tellsDockersOwnClientFromPodmansStandIn() {
        programs.says("docker -v", "podman version 4.3.1\n");

        assertThat(docker(new FakeMachine(root)).outcome().text()).contains("not Docker's own client");
    }

    @Test
    void findsADockerDaemonThatAnswers() {
        programs.says("docker -v", "Docker version 27.5.1, build 9f9e405\n").says("docker version", "27.5.1\n");

        assertThat(docker(new FakeMachine(root)).outcome())
                .isEqualTo(Outcome.ok("Docker 27.5.1 answers at /usr/bin/docker"));
    }

    @Test
    void saysHowToStartADockerDaemonThatDoesNotAnswer() {
        programs.says("docker -v", "Docker version 27.5.1, build 9f9e405\n")
                .answers(
                        "docker version",
                        1,
                        "\n",
                        "Cannot connect to the Docker daemon at unix:///var/run/docker.sock.\n");

        var outcome = docker(new FakeMachine(root)).outcome();

        assertThat(outcome.text()).contains("Cannot connect to the Docker daemon");
        assertThat(outcome.commands()).containsExactly("systemctl start docker");
    }

    @Test
    void addsTheUserToDockersGroupWhereTheSocketIsForbidden() {
        programs.says("docker -v", "Docker version 27.5.1, build 9f9e405\n")
                .answers("docker version", 1, "", "permission denied while trying to connect to the docker API\n");

        assertThat(docker(new FakeMachine(root).user(1000)).outcome().commands())
                .first()
                .isEqualTo("sudo usermod -aG docker ann");
    }

    @Test
    void warnsOfADockerDaemonThatCannotRunPrivilegedContainers() {
        var machine = new FakeMachine(root)
                .file("/var/run/docker.pid", "812")
                .file("/proc/812/status", "CapEff:\t" + FakeMachine.WITHOUT_SYS_RESOURCE + "\n")
                .look();
        programs.says("docker info", "runc\n");

        assertThat(new DockerCapabilitiesCheck(machine, programs)
                        .look()
                        .outcome()
                        .text())
                .contains("unable to apply caps");
        programs.says("docker info", "runc-without-sys-resource\n");
        assertThat(new DockerCapabilitiesCheck(machine, programs)
                        .look()
                        .outcome()
                        .state())
                .isEqualTo(State.OK);
    }

    @Test
    void asksForDelegatedControllersOfAUserWithoutRoot() {
        var machine = new FakeMachine(root)
                .user(1000)
                .file("/etc/subuid", "ann:100000:65536\n")
                .file("/etc/subgid", "ann:100000:65536\n")
                .file("/sys/fs/cgroup/user.slice/user-1000.slice/user@1000.service/cgroup.controllers", "memory pids\n")
                .look();

        var outcome = new RootlessPodmanCheck(machine, new Installed(machine, programs))
                .look()
                .outcome();

        assertThat(outcome.state()).isEqualTo(State.WRONG);
        assertThat(outcome.commands()).contains("sudo systemctl daemon-reload");
    }

    @Test
    void asksForIdsOfAUserWithoutRoot() {
        var machine = new FakeMachine(root).user(1000).look();

        var outcome = new RootlessPodmanCheck(machine, new Installed(machine, programs))
                .look()
                .outcome();

        assertThat(outcome.text()).isEqualTo("ann has no range of its own in /etc/subuid and /etc/subgid.");
    }

    private Verdict podmanless(FakeMachine fake, String... alsoWithout) {
        programs.hasNot("podman");
        for (var program : alsoWithout) {
            programs.hasNot(program);
        }
        return podman(fake);
    }

    private Verdict podman(FakeMachine fake) {
        var machine = fake.look();
        return new PodmanCheck(machine, new Installed(machine, programs)).look();
    }

    private Verdict docker(FakeMachine fake) {
        var machine = fake.look();
        return new DockerCheck(machine, new Installed(machine, programs)).look();
    }
}
