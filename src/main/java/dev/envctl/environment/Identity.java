package dev.envctl.environment;

import dev.envctl.cluster.ClusterName;
import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * What tells one environment from every other.
 *
 * @param id eight random hexadecimal digits, new each time an environment is created
 * @param epoch which primary owns it: 1 for the one that created it, one more for each that took it over
 * @param traceId W3C trace id that all its workers share, 32 hexadecimal digits
 */
public record Identity(String name, String id, int epoch, String traceId) {
    public static Identity create(String name, SecureRandom random) {
        var id = new byte[4];
        var trace = new byte[16];
        random.nextBytes(id);
        random.nextBytes(trace);
        return new Identity(
                name, HexFormat.of().formatHex(id), 1, HexFormat.of().formatHex(trace));
    }

    public Identity next() {
        return new Identity(name, id, epoch + 1, traceId);
    }

    public ClusterName cluster() {
        return new ClusterName(name, id);
    }
}
