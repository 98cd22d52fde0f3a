package dev.envctl.machine;

import dev.envctl.machine.Examination.Examined;
import dev.envctl.process.Programs;
import dev.envctl.spec.ClusterSpec.EngineChoice;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What has to be looked at for which engine.
 *
 * @param cache envctl's cache directory
 */
record Checklist(Machine machine, Programs programs, Path cache) {
    /** The answers for one engine: the one asked for, or the one that suits. */
    record Result(EngineChoice engine, List<Examined> examined) {
        List<Row> rows() {
            return examined.stream().map(Examined::row).toList();
        }

        boolean isHindered(Need need) {
            return rows().stream().anyMatch(row -> row.isBlocking() && row.need() == need);
        }

        /** The same with what keeps the other engine from being used, which the user may rather mend. */
        Result withRemark(Examined docker) {
            var all = new ArrayList<>(examined);
            all.add(new Examined(new DockerInstead(docker.check()), docker.verdict()));
            return new Result(engine, all);
        }
    }

    /**
     * Makes the checks.
     *
     * @param engine AUTO takes the engine that nothing hinders: Podman before Docker, unless KIND_EXPERIMENTAL_PROVIDER
     *     names Docker; where both are hindered it tells what Podman lacks
     */
    Result examine(EngineChoice engine, boolean standIns) {
        if (engine != EngineChoice.AUTO) {
            return examineFor(engine, standIns);
        }
        if ("docker".equals(machine.environment().get(KindProviderCheck.VARIABLE))) {
            var docker = examineFor(EngineChoice.DOCKER, standIns);
            return docker.isHindered(Need.DOCKER)
                    ? withRemark(examineFor(EngineChoice.PODMAN, standIns), docker)
                    : docker;
        }
        var podman = examineFor(EngineChoice.PODMAN, standIns);
        if (!podman.isHindered(Need.PODMAN)) {
            return podman;
        }
        var docker = examineFor(EngineChoice.DOCKER, standIns);
        return docker.isHindered(Need.DOCKER) ? withRemark(podman, docker) : docker;
    }

    /** What keeps Docker from being used is worth a word only to those who have it. */
    private Result withRemark(Result podman, Result docker) {
        return programs.find("docker").isEmpty()
                ? podman
                : podman.withRemark(docker.examined().get(0));
    }

    private Result examineFor(EngineChoice engine, boolean standIns) {
        return new Result(engine, new Examination().of(checks(engine, standIns)));
    }

    private List<Check> checks(EngineChoice engine, boolean standIns) {
        var installed = new Installed(machine, programs);
        var checks = new ArrayList<Check>();
        if (engine == EngineChoice.DOCKER) {
            checks.add(new DockerCheck(machine, installed));
            checks.add(new DockerCapabilitiesCheck(machine, programs));
        } else {
            checks.add(new PodmanCheck(machine, installed));
            checks.add(ComponentsCheck.podmanNeeds(machine, installed));
            checks.add(ComponentsCheck.podmanLikes(machine, installed));
            for (var concern : PodmanConcern.values()) {
                checks.add(new PodmanSettingsCheck(machine, installed, concern));
            }
            checks.add(new RootlessPodmanCheck(machine, installed));
            checks.add(new KernelModulesCheck(machine));
            checks.add(KernelParametersCheck.forwarding(machine));
        }
        checks.add(new KindCheck(machine, programs, cache));
        checks.add(new KindProviderCheck(machine, engine));
        checks.add(KernelParametersCheck.inotify(machine));
        checks.add(new FreeDiskCheck(machine, engine, Machine::freeBytes));
        checks.add(new FreeMemoryCheck(machine));
        if (standIns) {
            checks.add(ComponentsCheck.standIns(machine, installed));
            checks.add(new GoCheck(machine, programs));
        }
        return checks;
    }
}
