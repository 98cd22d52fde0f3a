package dev.envctl.worker;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Where a process finds its lease. The first of these that is there:
 *
 * <ol>
 *   <li>the file that the property {@code envctl.lease} names
 *   <li>the variables of the process, where they are those of a lease
 *   <li>{@code workers/N.env} in the folder that {@code envctl.directory} or {@code ENVCTL_DIRECTORY} names
 *   <li>{@code .envctl/NAME/workers/N.env} in the current folder or above it
 * </ol>
 *
 * <p>N is {@code surefire.forkNumber}, else {@code ENVCTL_WORKER}, else 1. NAME is {@code envctl.environment}, else
 * {@code ENVCTL_ENVIRONMENT}, else {@code e2e}.
 *
 * @param properties looks up a setting
 * @param variables the process environment
 * @param folder where to begin to look for a project
 */
public record LeaseSource(Function<String, Optional<String>> properties, Map<String, String> variables, Path folder) {
    private static final String FILE = "envctl.lease";
    private static final String DIRECTORY = "envctl.directory";

    public LeaseSource {
        variables = Map.copyOf(variables);
        folder = folder.toAbsolutePath().normalize();
    }

    static LeaseSource ofThisProcess() {
        return new LeaseSource(name -> Optional.ofNullable(System.getProperty(name)), System.getenv(), Path.of(""));
    }

    /** The same, but for this environment where none is named. */
    public LeaseSource preferring(String environment) {
        return new LeaseSource(
                name -> properties
                        .apply(name)
                        .or(() -> name.equals("envctl.environment")
                                        && variable("ENVCTL_ENVIRONMENT").isEmpty()
                                ? Optional.of(environment)
                                : Optional.empty()),
                variables,
                folder);
    }

    /** Whether a lease is named by itself, and not only the environment that has it. */
    public boolean named() {
        return setting(FILE).isPresent()
                || (variable("ENVCTL_TOKEN").isPresent()
                        && variable("ENVCTL_WORKER").isPresent());
    }

    /**
     * The lease.
     *
     * @throws LeaseException saying what was looked for and where, and the command that helps
     */
    public Lease lease() {
        return find().orElseThrow(this::missing);
    }

    /**
     * The lease, or empty where there is none.
     *
     * @throws LeaseException if something names one that is not there
     */
    public Optional<Lease> find() {
        var named = setting(FILE);
        if (named.isPresent()) {
            return Optional.of(Lease.read(Path.of(named.get())));
        }
        if (variable("ENVCTL_TOKEN").isPresent() && variable("ENVCTL_WORKER").isPresent()) {
            return Optional.of(new Lease(variables));
        }
        return files().stream().filter(Files::isRegularFile).findFirst().map(Lease::read);
    }

    /** Where a file may lie, best first. */
    private List<Path> files() {
        var file = Path.of("workers", number() + ".env");
        var directory = directory();
        if (directory.isPresent()) {
            return List.of(Path.of(directory.get()).resolve(file));
        }
        var files = new ArrayList<Path>();
        for (var above = folder; above != null; above = above.getParent()) {
            files.add(above.resolve(".envctl").resolve(environment()).resolve(file));
        }
        return files;
    }

    private Optional<String> directory() {
        return setting(DIRECTORY).or(() -> variable("ENVCTL_DIRECTORY"));
    }

    private String number() {
        return setting("surefire.forkNumber")
                .or(() -> variable("ENVCTL_WORKER"))
                .orElse("1");
    }

    /** Its environment's name. */
    public String environment() {
        return setting("envctl.environment")
                .or(() -> variable("ENVCTL_ENVIRONMENT"))
                .orElse("e2e");
    }

    /** One that Maven has not replaced was not set, as when tests are run without the plugin. */
    private Optional<String> setting(String name) {
        return properties.apply(name).filter(value -> !value.isBlank() && !value.contains("${"));
    }

    private Optional<String> variable(String name) {
        return Optional.ofNullable(variables.get(name)).filter(value -> !value.isBlank());
    }

    private LeaseException missing() {
        return new LeaseException("""
                There is no environment to test with. Looked for
                  the file in the property %s: not set
                  the variables of a lease (ENVCTL_WORKER, ENVCTL_TOKEN): not set
                  the folder in the property %s or in ENVCTL_DIRECTORY: %s
                %sStart one with `envctl up%s`, or let Maven's goal `envctl:up` do it.""".formatted(
                        FILE,
                        DIRECTORY,
                        directory().map(set -> files().get(0) + " is not there").orElse("not set"),
                        directory().isPresent()
                                ? ""
                                : "  .envctl/%s/workers/%s.env in %s and above it: not there\n"
                                        .formatted(environment(), number(), folder),
                        environment().equals("e2e") ? "" : " -e " + environment()));
    }
}
