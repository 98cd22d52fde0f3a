package dev.envctl.kubernetes;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Map;
import javax.net.ssl.SSLContext;
import okhttp3.OkHttpClient;
import okhttp3.Request;

/**
 * Loads the classes that talking to an API server needs (about 0.4 CPU-seconds cold), so that this happens while the
 * cluster is being created. Needs no cluster and leaves nothing open; run it on a thread of its own. Never fails: what
 * it could not load is loaded later.
 */
public final class ClientWarmUp implements Runnable {
    /** The discard port, where nothing listens: the call fails at once, with everything up to it loaded. */
    private static final String NOWHERE = "http://127.0.0.1:9/";

    @Override
    public void run() {
        var json = new Json();
        json.read(json.write(Map.of("kind", "Nothing")));
        try {
            CertificateFactory.getInstance("X.509");
            KeyFactory.getInstance("EC");
            greet();
            call();
        } catch (GeneralSecurityException | IOException e) {
            // Expected: nobody answers.
            return;
        }
    }

    /** The first message of a TLS handshake, sent to nobody: computes the key share, as the real one will. */
    private static void greet() throws GeneralSecurityException, IOException {
        var context = SSLContext.getInstance("TLS");
        context.init(null, null, null);
        var engine = context.createSSLEngine("127.0.0.1", 9);
        engine.setUseClientMode(true);
        engine.beginHandshake();
        engine.wrap(
                ByteBuffer.allocate(0), ByteBuffer.allocate(engine.getSession().getPacketBufferSize()));
    }

    private static void call() throws IOException {
        var client = new OkHttpClient.Builder()
                .callTimeout(Duration.ofSeconds(1))
                .proxy(java.net.Proxy.NO_PROXY)
                .retryOnConnectionFailure(false)
                .build();
        try (var response = OkHttpTransport.execute(
                client.newCall(new Request.Builder().url(NOWHERE).build()))) {
            response.body().close();
        } finally {
            client.connectionPool().evictAll();
        }
    }
}
