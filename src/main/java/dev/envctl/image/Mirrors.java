package dev.envctl.image;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Servers that hold copies of what registries have, asked before the registries themselves. Only for content that is named
 * by its digest: what a tag means is for the registry alone to say.
 */
final class Mirrors {
    /** What sets them, beside {@code --mirror}. */
    static final String VARIABLE = "ENVCTL_MIRRORS";

    private static final Pattern HOST = Pattern.compile("[^/.:]+[.:]|localhost(/|$)|\\[");

    private final String setting;

    /** @param environment the process environment; a wrong setting is refused only when it is used */
    Mirrors(Map<String, String> environment) {
        this.setting = environment.getOrDefault(VARIABLE, "");
    }

    /**
     * Where a repository's content may be fetched from: mirrors in their order, the repository itself last.
     *
     * @throws EnvctlException USAGE if the setting makes no sense
     */
    List<Repository> sources(Repository repository) {
        var sources = new ArrayList<Repository>();
        for (var word : setting.strip().split("[,\\s]+", -1)) {
            if (!word.isEmpty()) {
                var equals = word.indexOf('=');
                if (equals < 0 || registry(word, word.substring(0, equals)).equals(repository.host())) {
                    sources.add(mirrored(word, word.substring(equals + 1), repository));
                }
            }
        }
        sources.add(repository);
        return sources.stream().distinct().toList();
    }

    private static String registry(String word, String host) {
        return copy(word, host, "any").host();
    }

    private static Repository mirrored(String word, String address, Repository repository) {
        return copy(word, address.replaceFirst("/+$", ""), repository.path());
    }

    private static Repository copy(String word, String address, String path) {
        try {
            if (!HOST.matcher(address).lookingAt()) {
                throw new IllegalArgumentException(
                        "`%s` begins with no host that has a dot or a port".formatted(address));
            }
            return Repository.parse(address + "/" + path);
        } catch (IllegalArgumentException e) {
            throw new EnvctlException(
                    FailureKind.USAGE,
                    "`%s` is no mirror: %s.".formatted(word, e.getMessage()),
                    "Write `--mirror HOST[:PORT][/PATH]`, or `--mirror REGISTRY=HOST[:PORT][/PATH]` for one registry only;"
                            + " the same, separated by commas, in %s.".formatted(VARIABLE),
                    e);
        }
    }
}
