package dev.envctl.environment;

import com.google.gson.GsonBuilder;
import dev.envctl.service.PostgresAddress;
import dev.envctl.service.PostgresService;
import dev.envctl.service.RedisAddress;
import dev.envctl.service.RedisService;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Everything a client needs: the content of {@code environment.json}.
 *
 * @param apiVersion {@code envctl.dev/v1}
 * @param state {@code ready}; the file is there only then
 * @param timings seconds by phase
 */
public record HandOff(
        String apiVersion,
        String name,
        String id,
        String state,
        Cluster cluster,
        Services services,
        List<Worker> workers,
        List<Image> images,
        Primary primary,
        Map<String, Double> timings) {
    public static final String API_VERSION = "envctl.dev/v1";

    public HandOff {
        Objects.requireNonNull(apiVersion);
        Objects.requireNonNull(name);
        Objects.requireNonNull(id);
        Objects.requireNonNull(state);
        Objects.requireNonNull(cluster);
        Objects.requireNonNull(services);
        workers = List.copyOf(workers);
        images = List.copyOf(images);
        Objects.requireNonNull(primary);
        timings = Collections.unmodifiableMap(new LinkedHashMap<>(timings));
    }

    /** Paths are absolute; {@code server} is {@code https://127.0.0.1:PORT}. */
    public record Cluster(
            String provider, String engine, String kubeconfig, String context, String server, List<String> nodes) {
        public Cluster {
            Objects.requireNonNull(provider);
            Objects.requireNonNull(engine);
            Objects.requireNonNull(kubeconfig);
            Objects.requireNonNull(context);
            Objects.requireNonNull(server);
            nodes = List.copyOf(nodes);
        }
    }

    /** A service that the environment does not have is null and left out of the file. */
    public record Services(
            @Nullable Postgres postgres, @Nullable Redis redis) {
        /** The services' own addresses, for clients that are no workers. */
        static Services of(Deployed deployed) {
            var postgres = deployed.postgres().map(service -> {
                var address = service.app(deployed.postgresEndpoint());
                return Postgres.of(address, address.at(PostgresService.inCluster()));
            });
            var redis = deployed.redis().map(service -> {
                var address = service.admin(deployed.redisEndpoint());
                return Redis.of(address, address.at(RedisService.inCluster()));
            });
            return new Services(postgres.orElse(null), redis.orElse(null));
        }
    }

    public record Postgres(
            String host, int port, String user, String password, String database, String url, InCluster inCluster) {
        public Postgres {
            Objects.requireNonNull(host);
            Objects.requireNonNull(user);
            Objects.requireNonNull(password);
            Objects.requireNonNull(database);
            Objects.requireNonNull(url);
            Objects.requireNonNull(inCluster);
        }

        static Postgres of(PostgresAddress here, PostgresAddress inside) {
            return new Postgres(
                    here.endpoint().host(),
                    here.endpoint().port(),
                    here.user(),
                    here.password(),
                    here.database(),
                    here.url(),
                    new InCluster(inside.endpoint().host(), inside.endpoint().port(), inside.url()));
        }
    }

    public record Redis(String host, int port, String user, String password, String url, InCluster inCluster) {
        public Redis {
            Objects.requireNonNull(host);
            Objects.requireNonNull(user);
            Objects.requireNonNull(password);
            Objects.requireNonNull(url);
            Objects.requireNonNull(inCluster);
        }

        static Redis of(RedisAddress here, RedisAddress inside) {
            return new Redis(
                    here.endpoint().host(),
                    here.endpoint().port(),
                    here.user(),
                    here.password(),
                    here.url(),
                    new InCluster(inside.endpoint().host(), inside.endpoint().port(), inside.url()));
        }
    }

    /** The same service as pods reach it. */
    public record InCluster(String host, int port, String url) {
        public InCluster {
            Objects.requireNonNull(host);
            Objects.requireNonNull(url);
        }
    }

    /** Where lease {@code index} lies; the path is absolute. */
    public record Worker(int index, String file) {
        public Worker {
            Objects.requireNonNull(file);
        }
    }

    public record Image(String name, String reference, String digest) {
        public Image {
            Objects.requireNonNull(name);
            Objects.requireNonNull(reference);
            Objects.requireNonNull(digest);
        }
    }

    /** {@code started} is ISO 8601. */
    public record Primary(long pid, String api, String started) {
        public Primary {
            Objects.requireNonNull(api);
            Objects.requireNonNull(started);
        }
    }

    public HandOff ownedBy(Primary next) {
        return new HandOff(apiVersion, name, id, state, cluster, services, workers, images, next, timings);
    }

    /** The settings that are no worker's own, for tools that look at the whole environment. */
    public Map<String, String> variables() {
        var variables = new LinkedHashMap<String, String>();
        variables.put("ENVCTL_ENVIRONMENT", name);
        variables.put("KUBECONFIG", cluster.kubeconfig());
        WorkerLease.putServices(variables, services.postgres(), services.redis());
        return variables;
    }

    public String json() {
        return new GsonBuilder()
                        .setPrettyPrinting()
                        .disableHtmlEscaping()
                        .create()
                        .toJson(this) + "\n";
    }

    /** What the file says, or empty where there is none or it makes no sense. */
    public static Optional<HandOff> read(EnvironmentDirectory directory) {
        return StateFile.read(directory.handOff(), HandOff.class)
                .filter(found -> API_VERSION.equals(found.apiVersion()));
    }
}
