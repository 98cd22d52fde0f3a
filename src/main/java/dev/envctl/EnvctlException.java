package dev.envctl;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A failure that a user can meet: what is wrong (with names and values), what to do next, and its kind.
 *
 * <p>{@link #details()} holds what was seen on the way, such as events and log lines, one per element, oldest first. {@link
 * #places()} says again where in files the mistakes are that the problem tells of, for those who show them there.
 */
public final class EnvctlException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final FailureKind kind;
    private final String remedy;
    private final transient List<String> details;
    private final transient List<Place> places;

    /**
     * @param problem one or more sentences that name the thing that failed and its state
     * @param remedy the next command or change that mends it; may be empty where nothing sensible can be said
     */
    public EnvctlException(FailureKind kind, String problem, String remedy) {
        this(kind, problem, remedy, List.of(), null);
    }

    public EnvctlException(FailureKind kind, String problem, String remedy, @Nullable Throwable cause) {
        this(kind, problem, remedy, List.of(), cause);
    }

    public EnvctlException(
            FailureKind kind, String problem, String remedy, List<String> details, @Nullable Throwable cause) {
        this(kind, problem, remedy, details, List.of(), cause);
    }

    /** Mistakes in a file. */
    public EnvctlException(FailureKind kind, String problem, String remedy, List<Place> places) {
        this(kind, problem, remedy, List.of(), places, null);
    }

    private EnvctlException(
            FailureKind kind,
            String problem,
            String remedy,
            List<String> details,
            List<Place> places,
            @Nullable Throwable cause) {
        super(Objects.requireNonNull(problem), cause);
        this.kind = Objects.requireNonNull(kind);
        this.remedy = Objects.requireNonNull(remedy);
        this.details = List.copyOf(details);
        this.places = List.copyOf(places);
    }

    public FailureKind kind() {
        return kind;
    }

    public String problem() {
        return Objects.requireNonNull(getMessage());
    }

    public String remedy() {
        return remedy;
    }

    public List<String> details() {
        return details == null ? List.of() : details;
    }

    public List<Place> places() {
        return places == null ? List.of() : places;
    }
}
