package dev.envctl.image;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;

/** What a registry or a mirror does not have or does not give; where there is another source, that one is asked. */
final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final EnvctlException failure;

    Refused(EnvctlException failure) {
        super(failure.problem(), failure);
        this.failure = failure;
    }

    EnvctlException failure() {
        return failure;
    }

    /** @param path below the repository, such as {@code blobs/sha256:…} */
    static Refused of(Repository source, String path, int status) {
        var name = path.substring(path.indexOf('/') + 1);
        var what = source + (name.startsWith("sha256:") ? "@" : ":") + name;
        return new Refused(
                switch (status) {
                    case 404 ->
                        new EnvctlException(
                                FailureKind.IMAGE,
                                "%s has no %s (HTTP 404).".formatted(source.host(), what),
                                "If the tag was moved or the image deleted, `envctl images lock` locks what is there now.");
                    case 401, 403 ->
                        new EnvctlException(
                                FailureKind.IMAGE,
                                "%s does not let us have %s (HTTP %d): it does not exist or needs a login."
                                        .formatted(source.host(), what, status),
                                "Check the name in images.lock, or log in with `podman login %1$s` or `docker login %1$s`."
                                        .formatted(source.host()));
                    default ->
                        new EnvctlException(
                                FailureKind.IMAGE,
                                "%s answered HTTP %d for %s.".formatted(source.host(), status, what),
                                "Check whether a proxy answers in its place.");
                });
    }
}
