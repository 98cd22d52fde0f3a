package dev.envctl.image;

import java.net.URI;
import java.util.regex.Pattern;

/**
 * Where a registry keeps an image's versions: {@code docker.io/library/postgres}.
 *
 * @param host the registry as references name it, with its port where it has one
 * @param path the name inside the registry
 */
record Repository(String host, String path) {
    private static final String DOCKER_HUB = "docker.io";
    private static final Pattern HOST = Pattern.compile("([A-Za-z0-9.-]+|\\[[0-9A-Fa-f:]+])(:[0-9]{1,5})?");
    private static final String COMPONENT = "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*";
    private static final Pattern PATH = Pattern.compile(COMPONENT + "(/" + COMPONENT + ")*");
    private static final Pattern LOOPBACK =
            Pattern.compile("localhost|127\\.[0-9]{1,3}\\.[0-9]{1,3}\\.[0-9]{1,3}|\\[::1]");

    Repository {
        if (!HOST.matcher(host).matches() || !PATH.matcher(path).matches()) {
            throw new IllegalArgumentException(
                    "`%s/%s` is no repository such as docker.io/library/postgres".formatted(host, path));
        }
    }

    /** Reads a repository as people write it; what names no registry is on Docker Hub. */
    static Repository parse(String name) {
        var slash = name.indexOf('/');
        var first = slash < 0 ? "" : name.substring(0, slash);
        var namesHost = first.contains(".") || first.contains(":") || first.equals("localhost");
        var host = namesHost ? first : DOCKER_HUB;
        var path = namesHost ? name.substring(slash + 1) : name;
        if (host.equals("index.docker.io") || host.equals("registry-1.docker.io")) {
            host = DOCKER_HUB;
        }
        return new Repository(host, host.equals(DOCKER_HUB) && !path.contains("/") ? "library/" + path : path);
    }

    boolean onDockerHub() {
        return host.equals(DOCKER_HUB);
    }

    /** The registry's API, up to and without {@code /v2/}. Plain HTTP never leaves the machine. */
    URI api() {
        var server = onDockerHub() ? "registry-1.docker.io" : host;
        return URI.create((isLoopback(withoutPort(server)) ? "http://" : "https://") + server);
    }

    static boolean isLoopback(String hostWithoutPort) {
        return LOOPBACK.matcher(hostWithoutPort).matches();
    }

    private static String withoutPort(String server) {
        return server.replaceFirst(":[0-9]+$", "");
    }

    @Override
    public String toString() {
        return host + "/" + path;
    }
}
