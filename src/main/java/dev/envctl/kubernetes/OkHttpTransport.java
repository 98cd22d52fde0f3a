package dev.envctl.kubernetes;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import okhttp3.Call;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.RequestBody;

/**
 * Requests through OkHttp, the client that the Kubernetes client stands on, without its models: those cost 0.9
 * CPU-seconds to load, and typed reads refuse fields newer than they are (kubernetes-client/java#3428).
 */
final class OkHttpTransport implements Transport {
    private final String server;
    private final OkHttpClient client;

    OkHttpTransport(Kubeconfig kubeconfig) {
        this.server = kubeconfig.server();
        this.client = client(kubeconfig);
    }

    /** The way to an API server, without any time-outs of its own. */
    static OkHttpClient client(Kubeconfig kubeconfig) {
        try {
            var tls = ClientTls.of(kubeconfig);
            return new OkHttpClient.Builder()
                    .protocols(List.of(Protocol.HTTP_1_1))
                    .sslSocketFactory(tls.sockets(), tls.trust())
                    .retryOnConnectionFailure(false)
                    .proxy(java.net.Proxy.NO_PROXY)
                    .build();
        } catch (GeneralSecurityException | IOException e) {
            throw new EnvctlException(
                    FailureKind.FAILED,
                    "The certificates in the environment's kubeconfig cannot be used: " + e.getMessage(),
                    "Run `envctl up --recreate` to write it anew.",
                    e);
        }
    }

    @Override
    public Response send(Request request, Duration timeout) throws IOException {
        var body = request.contentType().isEmpty()
                ? null
                : RequestBody.create(request.body(), MediaType.get(request.contentType()));
        var call = client.newBuilder()
                .callTimeout(timeout)
                .connectTimeout(timeout)
                .readTimeout(timeout)
                .writeTimeout(timeout)
                .build()
                .newCall(new okhttp3.Request.Builder()
                        .url(server + request.path())
                        .method(request.method(), body)
                        .header("Accept", "application/json, */*")
                        .build());
        try (var response = execute(call)) {
            return new Response(response.code(), response.body().string());
        }
    }

    /** OkHttp 5 is Kotlin and does not declare that an interrupt while it connects comes as it is. */
    static okhttp3.Response execute(Call call) throws IOException {
        try {
            return call.execute();
        } catch (Exception e) {
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
                throw (IOException) new InterruptedIOException("interrupted").initCause(e);
            }
            throw e;
        }
    }

    @Override
    public void close() {
        client.connectionPool().evictAll();
        client.dispatcher().executorService().shutdown();
    }
}
