package dev.envctl.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A machine without a network: a network namespace whose only way out leads nowhere, and counts what programs of this machine
 * send there. A name that is looked up, or a registry that is asked, is a packet. What pods send is forwarded, not counted. Nor
 * is the question with which CoreDNS tries its upstream whenever it starts, and which Podman's name server passes on: the HINFO
 * record (type 13) of a random name.
 */
@Timeout(300)
final class OfflineIT {
    private static final String NAMESPACE = """
            set -euo pipefail
            ip link set lo up
            ip link add recorder type veth peer name nowhere
            for one in recorder nowhere; do
              echo 1 >"/proc/sys/net/ipv6/conf/$one/disable_ipv6"
              ip link set "$one" arp off up
            done
            ip address add 198.51.100.2/24 dev recorder
            ip route add default dev recorder
            iptables -A OUTPUT -o recorder -p udp --dport 53 -m string --algo bm --hex-string "|000d0001|" -j ACCEPT
            iptables -A OUTPUT -o recorder
            sent() { iptables -L OUTPUT -v -n -x | awk '/recorder/ && !/STRING/ {print $1}'; }
            """;

    @TempDir
    private Path temporary;

    @Test
    void makesAnEnvironmentOfLoadedImagesAndAsksNobody() throws IOException {
        try (var project = Project.with("img-offline", Project.small("img-offline"))) {
            var saved = temporary.resolve("saved.tar");
            project.succeeds("images", "save", saved.toString(), "node", "postgres", "redis");
            project.variable("ENVCTL_CACHE", OwnCache.in(temporary).toString());

            var ran = project.program(
                    Map.of("ENVCTL", Project.CHECKOUT.resolve("envctl").toString(), "SAVED", saved.toString()),
                    "unshare",
                    "--net",
                    "bash",
                    "-c",
                    NAMESPACE + """
                            refused=0
                            begun=$SECONDS
                            "$ENVCTL" up --offline -e img-offline || refused=$?
                            echo "refused $refused after $((SECONDS - begun)) s, sent $(sent)"
                            "$ENVCTL" images load --stand-ins "$SAVED" || "$ENVCTL" images load "$SAVED"
                            "$ENVCTL" run --offline -e img-offline -- bash -c '
                              exec 3<>"/dev/tcp/$PGHOST/$PGPORT" && echo "reached $DATABASE_URL"'
                            echo "made, sent $(sent)"
                            getent hosts registry.example || :
                            echo "asked once, sent $(sent)"
                            """);

            assertThat(ran.exitCode()).as(ran.all()).isZero();
            assertThat(ran.stderr())
                    .contains(
                            "Offline, and not on this machine: node, postgres, redis.",
                            "envctl images load images.tar");
            assertThat(ran.stdout()).containsPattern("refused 3 after \\d+ s, sent 0\n");
            assertThat(ran.stdout()).contains("reached postgres", "\nmade, sent 0\n");
            assertThat(ran.stdout()).as("the recorder counts").containsPattern("asked once, sent [1-9]");
            project.assertNothingLeft();
        }
    }
}
