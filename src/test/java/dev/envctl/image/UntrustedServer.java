package dev.envctl.image;

import dev.envctl.process.Command;
import dev.envctl.process.Programs;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

/** A TLS server under this machine's own name, whose certificate it signed itself. */
final class UntrustedServer implements AutoCloseable {
    private static final String PASSWORD = "changeit";

    private final SSLServerSocket server;
    private final String name;

    UntrustedServer(Path directory, Programs programs) throws IOException {
        name = InetAddress.getLocalHost().getHostName();
        var store = directory.resolve("keys.p12");
        var keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        programs.run(Command.of(
                        keytool,
                        "-genkeypair",
                        "-alias",
                        "it",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=" + name,
                        "-ext",
                        "SAN=dns:" + name,
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        PASSWORD))
                .orThrow("It comes with every JDK.");
        try {
            var keys = KeyStore.getInstance("PKCS12");
            try (var stream = Files.newInputStream(store)) {
                keys.load(stream, PASSWORD.toCharArray());
            }
            var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            managers.init(keys, PASSWORD.toCharArray());
            var context = SSLContext.getInstance("TLS");
            context.init(managers.getKeyManagers(), null, new SecureRandom());
            server = (SSLServerSocket) context.getServerSocketFactory().createServerSocket(0);
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
        var thread = new Thread(this::serve, "untrusted server");
        thread.setDaemon(true);
        thread.start();
    }

    /** Not a loopback address: there plain HTTP is spoken. */
    String host() {
        return name + ":" + server.getLocalPort();
    }

    private void serve() {
        while (!server.isClosed()) {
            refuseOne();
        }
    }

    private void refuseOne() {
        try (var client = (SSLSocket) server.accept()) {
            client.startHandshake();
        } catch (IOException e) {
            // The client does not trust us: that is the point.
            return;
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
