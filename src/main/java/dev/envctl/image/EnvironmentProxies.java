package dev.envctl.image;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The proxies of HTTPS_PROXY, HTTP_PROXY and NO_PROXY, which the JDK's client does not read. Loopback is never proxied. */
final class EnvironmentProxies extends ProxySelector {
    private final Map<String, String> environment;

    EnvironmentProxies(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
    }

    @Override
    public List<Proxy> select(URI uri) {
        var host = uri.getHost();
        if (host == null || Repository.isLoopback(host) || isExempt(host.toLowerCase(Locale.ROOT))) {
            return List.of(Proxy.NO_PROXY);
        }
        return value(uri.getScheme() + "_proxy")
                .flatMap(EnvironmentProxies::address)
                .map(address -> new Proxy(Proxy.Type.HTTP, address))
                .map(List::of)
                .orElse(List.of(Proxy.NO_PROXY));
    }

    private boolean isExempt(String host) {
        for (var entry : value("no_proxy").orElse("").split(",", -1)) {
            var name = entry.strip().toLowerCase(Locale.ROOT).replaceFirst("^\\*?\\.", "");
            if (!name.isEmpty() && (name.equals("*") || host.equals(name) || host.endsWith("." + name))) {
                return true;
            }
        }
        return false;
    }

    private Optional<String> value(String name) {
        var lower = Optional.ofNullable(environment.get(name));
        return lower.or(() -> Optional.ofNullable(environment.get(name.toUpperCase(Locale.ROOT))))
                .filter(value -> !value.isBlank());
    }

    private static Optional<InetSocketAddress> address(String proxy) {
        var uri = URI.create(proxy.contains("://") ? proxy : "http://" + proxy);
        if (uri.getHost() == null) {
            return Optional.empty();
        }
        return Optional.of(new InetSocketAddress(uri.getHost(), uri.getPort() < 0 ? 80 : uri.getPort()));
    }

    @Override
    public void connectFailed(@Nullable URI uri, @Nullable SocketAddress address, @Nullable IOException failure) {
        // The request itself fails and says so.
    }
}
