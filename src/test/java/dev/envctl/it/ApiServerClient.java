package dev.envctl.it;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Asks a cluster's API server with nothing but a worker's kubeconfig: one request, one answer, no library in between. */
final class ApiServerClient {
    private final String server;
    private final String token;
    private final HttpClient http;

    ApiServerClient(Path kubeconfig) {
        try {
            var text = Files.readString(kubeconfig);
            server = field(text, "server");
            token = field(text, "token");
            var authority = Base64.getDecoder().decode(field(text, "certificate-authority-data"));
            http = HttpClient.newBuilder().sslContext(trusting(authority)).build();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @param headers besides the token's, such as {@code Impersonate-User} */
    HttpResponse<String> ask(String method, String path, String body, Map<String, String> headers)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(server + path))
                .timeout(Duration.ofSeconds(20))
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", method.equals("PATCH") ? "application/merge-patch+json" : "application/json");
        headers.forEach(request::header);
        return http.send(
                request.method(method, HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static String field(String kubeconfig, String name) {
        var matcher = Pattern.compile("(?m)^ *" + name + ": (\\S+)$").matcher(kubeconfig);
        if (!matcher.find()) {
            throw new IllegalArgumentException("the kubeconfig has no " + name);
        }
        return matcher.group(1);
    }

    private static SSLContext trusting(byte[] authority) throws IOException {
        try {
            var certificate =
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(authority));
            var store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            store.setCertificateEntry("authority", certificate);
            var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            var context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }
}
