package dev.envctl.kubernetes;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.envctl.readiness.Deadline;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URLEncoder;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import okhttp3.Call;
import okhttp3.OkHttpClient;
import okhttp3.Request;

/** Logs over HTTP, programs over a web socket. */
public final class HttpPodStreams implements PodStreams {
    private static final Duration CONNECT = Duration.ofSeconds(10);

    private final String server;
    private final OkHttpClient client;

    public HttpPodStreams(Kubeconfig kubeconfig) {
        this.server = kubeconfig.server();
        // Whoever asks says how long it may take: a container may be silent for as long as it likes.
        this.client = OkHttpTransport.client(kubeconfig)
                .newBuilder()
                .connectTimeout(CONNECT)
                .readTimeout(Duration.ZERO)
                .build();
    }

    @Override
    public InputStream log(ObjectReference pod, String container, Deadline deadline) throws IOException {
        var call = client.newBuilder()
                .callTimeout(deadline.remainingForCall())
                .build()
                .newCall(request(pod, "log?follow=true&container=" + encode(container)));
        var response = OkHttpTransport.execute(call);
        if (!response.isSuccessful()) {
            try (response) {
                var message =
                        Fields.of(new Json().read(response.body().string())).text("message");
                throw new IOException(
                        "HTTP %d %s".formatted(response.code(), message).strip());
            }
        }
        return new FollowedLog(call, response.body().byteStream());
    }

    @Override
    public void execute(
            ObjectReference pod, String container, List<String> command, OutputStream output, Deadline deadline)
            throws IOException {
        var words = command.stream().map(word -> "&command=" + encode(word)).collect(Collectors.joining());
        var conversation = new ExecConversation(output);
        var socket = client.newBuilder()
                .callTimeout(CONNECT)
                .build()
                .newWebSocket(
                        request(pod, "exec?stdout=true&stderr=true&container=" + encode(container) + words)
                                .newBuilder()
                                .header("Sec-WebSocket-Protocol", ExecConversation.PROTOCOL)
                                .build(),
                        conversation);
        try {
            conversation.await(deadline);
        } finally {
            socket.cancel();
        }
    }

    private Request request(ObjectReference pod, String rest) {
        return new Request.Builder()
                .url("%s/api/v1/namespaces/%s/pods/%s/%s".formatted(server, pod.namespace(), pod.name(), rest))
                .build();
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, UTF_8);
    }

    @Override
    public void close() {
        client.dispatcher().cancelAll();
        client.connectionPool().evictAll();
        client.dispatcher().executorService().shutdown();
    }

    /** Only cancelling the call wakes a thread that reads. */
    private static final class FollowedLog extends FilterInputStream {
        private final Call call;

        FollowedLog(Call call, InputStream stream) {
            super(stream);
            this.call = call;
        }

        @Override
        public void close() throws IOException {
            call.cancel();
            super.close();
        }
    }
}
