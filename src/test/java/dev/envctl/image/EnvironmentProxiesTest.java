package dev.envctl.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EnvironmentProxiesTest {
    private static final Map<String, String> ENVIRONMENT =
            Map.of("HTTPS_PROXY", "http://proxy.test:3128", "NO_PROXY", "internal.test, .example.test,other.test");

    @Test
    void aRegistryIsAskedThroughTheProxy() {
        var address =
                (InetSocketAddress) select("https://registry-1.docker.io/v2/").address();

        assertThat(address.getHostString()).isEqualTo("proxy.test");
        assertThat(address.getPort()).isEqualTo(3128);
    }

    @Test
    void loopbackIsNeverAskedThroughAProxy() {
        assertThat(new EnvironmentProxies(Map.of("http_proxy", "proxy.test:3128"))
                        .select(URI.create("http://127.0.0.1:5000/v2/")))
                .containsExactly(Proxy.NO_PROXY);
    }

    @Test
    void exemptHostsAndTheirSubdomainsAreAskedDirectly() {
        assertThat(select("https://internal.test/v2/")).isEqualTo(Proxy.NO_PROXY);
        assertThat(select("https://a.example.test/v2/")).isEqualTo(Proxy.NO_PROXY);
        assertThat(select("https://another.test/v2/")).isNotEqualTo(Proxy.NO_PROXY);
    }

    private static Proxy select(String uri) {
        return new EnvironmentProxies(ENVIRONMENT).select(URI.create(uri)).get(0);
    }
}
