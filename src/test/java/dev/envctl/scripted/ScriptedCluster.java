package dev.envctl.scripted;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.envctl.kubernetes.ScriptedServer;
import java.io.IOException;
import java.net.ConnectException;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** The API server of one cluster: objects by their paths, and tokens. */
final class ScriptedCluster implements ScriptedServer {
    /** Kinds by their plural names; those with a star are in no namespace. */
    private static final Map<String, Map<String, String>> KINDS = Map.of(
            "/api/v1",
            kinds("*Namespace *Node *PersistentVolume Pod Event Secret Service ServiceAccount ConfigMap ResourceQuota"
                    + " LimitRange PersistentVolumeClaim"),
            "/apis/apps/v1",
            kinds("Deployment DaemonSet StatefulSet ReplicaSet"),
            "/apis/batch/v1",
            kinds("Job CronJob"),
            "/apis/networking.k8s.io/v1",
            kinds("NetworkPolicy Ingress"),
            "/apis/scheduling.k8s.io/v1",
            kinds("*PriorityClass"),
            "/apis/admissionregistration.k8s.io/v1",
            kinds("*ValidatingAdmissionPolicy *ValidatingAdmissionPolicyBinding"),
            "/apis/rbac.authorization.k8s.io/v1",
            kinds("Role RoleBinding *ClusterRole *ClusterRoleBinding"));

    private static Map<String, String> kinds(String names) {
        var kinds = new TreeMap<String, String>();
        for (var name : names.split(" ", -1)) {
            var plural = name.replace("*", "")
                    .toLowerCase(Locale.ROOT)
                    .replaceAll("y$", "ie")
                    .replaceAll("ss$", "sse");
            kinds.put(plural + "s", name);
        }
        return kinds;
    }

    final String name;
    private final Map<String, JsonObject> objects = new TreeMap<>();
    private boolean up;

    ScriptedCluster(String name) {
        this.name = name;
    }

    void start() {
        up = true;
    }

    void put(String path, String json) {
        objects.put(path, JsonParser.parseString(json).getAsJsonObject());
    }

    boolean has(String path) {
        return objects.containsKey(path);
    }

    @Override
    public Reply answer(String method, String path, String body) throws IOException {
        if (!up) {
            throw new ConnectException("Connection refused");
        }
        var plain = path.replaceAll("\\?.*", "");
        return switch (method) {
            case "PATCH" -> {
                var object = JsonParser.parseString(body).getAsJsonObject();
                objects.put(plain, object);
                yield new Reply(200, object.toString());
            }
            case "POST" -> plain.endsWith("/token") ? issueToken(plain) : create(plain, body);
            case "DELETE" -> new Reply(objects.remove(plain) == null ? 404 : 200, "{}");
            default -> read(plain);
        };
    }

    private Reply read(String path) {
        if (path.equals("/readyz")) {
            return new Reply(200, "ok");
        }
        var kinds = KINDS.get(path);
        if (kinds != null) {
            return new Reply(200, discovery(kinds).toString());
        }
        var object = objects.get(path);
        if (object != null) {
            return new Reply(200, object.toString());
        }
        if (KINDS.values().stream().anyMatch(found -> found.containsKey(path.replaceAll(".*/", "")))) {
            return new Reply(200, list(path).toString());
        }
        return new Reply(404, "{\"message\":\"not found\"}");
    }

    private static JsonObject discovery(Map<String, String> kinds) {
        var resources = new JsonArray();
        kinds.forEach((plural, kind) -> {
            var resource = new JsonObject();
            resource.addProperty("name", plural);
            resource.addProperty("kind", kind.replace("*", ""));
            resource.addProperty("namespaced", !kind.startsWith("*"));
            resources.add(resource);
        });
        var answer = new JsonObject();
        answer.add("resources", resources);
        return answer;
    }

    private JsonObject list(String collection) {
        var items = new JsonArray();
        objects.forEach((path, object) -> {
            if (path.startsWith(collection + "/") && path.indexOf('/', collection.length() + 1) < 0) {
                items.add(object);
            }
        });
        var answer = new JsonObject();
        answer.add("items", items);
        return answer;
    }

    private Reply create(String collection, String body) {
        var object = JsonParser.parseString(body).getAsJsonObject();
        var path = collection + "/"
                + object.getAsJsonObject("metadata").get("name").getAsString();
        return objects.putIfAbsent(path, object) == null
                ? new Reply(201, object.toString())
                : new Reply(409, "{\"reason\":\"AlreadyExists\"}");
    }

    /** To a service account that is there, as the TokenRequest API does. */
    private Reply issueToken(String path) {
        return objects.containsKey(path.replaceAll("/token$", ""))
                ? new Reply(201, "{\"status\": {\"token\": \"token\"}}")
                : new Reply(404, "{\"message\":\"not found\"}");
    }
}
