package dev.envctl.kubernetes;

import io.kubernetes.client.util.SSLUtils;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/**
 * TLS with a client certificate, trusting one certificate authority.
 *
 * <p>kubeadm writes RSA keys in PKCS#1, which the JDK cannot read. Wrapped as PKCS#8 by hand, they cost nothing;
 * Bouncy Castle, which reads every other kind, costs a fifth of a CPU-second to load.
 */
record ClientTls(SSLSocketFactory sockets, X509TrustManager trust) {
    private static final String PKCS1_RSA = "-----BEGIN RSA PRIVATE KEY-----";
    /** Version 0 and the algorithm rsaEncryption, as PKCS#8 wants them before the key itself. */
    private static final byte[] RSA_HEADER =
            HexFormat.of().parseHex("020100" + "300d" + "06092a864886f70d010101" + "0500");

    private static final int SEQUENCE = 0x30;
    private static final int OCTET_STRING = 0x04;

    static ClientTls of(Kubeconfig kubeconfig) throws GeneralSecurityException, IOException {
        var trust = trustManager(kubeconfig.certificateAuthority());
        var keys = emptyStore();
        keys.setKeyEntry(
                "client",
                privateKey(kubeconfig.clientKey()),
                new char[0],
                certificates(kubeconfig.clientCertificate()));
        var keyManagers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keyManagers.init(keys, new char[0]);
        var context = SSLContext.getInstance("TLS");
        context.init(keyManagers.getKeyManagers(), new javax.net.ssl.TrustManager[] {trust}, null);
        return new ClientTls(context.getSocketFactory(), trust);
    }

    private static X509TrustManager trustManager(String pem) throws GeneralSecurityException, IOException {
        var store = emptyStore();
        var authorities = certificates(pem);
        for (var i = 0; i < authorities.length; i++) {
            store.setCertificateEntry("authority-" + i, authorities[i]);
        }
        var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        for (var manager : factory.getTrustManagers()) {
            if (manager instanceof X509TrustManager found) {
                return found;
            }
        }
        throw new GeneralSecurityException("this Java has no X.509 trust manager");
    }

    private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
        var store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    private static Certificate[] certificates(String pem) throws GeneralSecurityException {
        return CertificateFactory.getInstance("X.509")
                .generateCertificates(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)))
                .toArray(Certificate[]::new);
    }

    static PrivateKey privateKey(String pem) throws GeneralSecurityException, IOException {
        if (!pem.strip().startsWith(PKCS1_RSA)) {
            return SSLUtils.loadKey(pem.getBytes(StandardCharsets.US_ASCII));
        }
        var key = Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""));
        var content = new ByteArrayOutputStream();
        content.write(RSA_HEADER);
        content.write(tagged(OCTET_STRING, key));
        var pkcs8 = new PKCS8EncodedKeySpec(tagged(SEQUENCE, content.toByteArray()));
        return KeyFactory.getInstance("RSA").generatePrivate(pkcs8);
    }

    /** DER: the tag, the length in two bytes (every RSA key is longer than 255), the content. */
    private static byte[] tagged(int tag, byte[] content) throws IOException {
        var out = new ByteArrayOutputStream();
        out.write(tag);
        out.write(0x82);
        out.write(content.length >> 8);
        out.write(content.length);
        out.write(content);
        return out.toByteArray();
    }
}
