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
 * <p>kubeadm writes elliptic curve keys as in SEC 1 (RFC 5915), which the JDK cannot read. Wrapped as PKCS#8 by hand, they
 * cost nothing; Bouncy Castle, which reads every other kind, costs half a CPU-second to load, while a node boots beside it.
 */
record ClientTls(SSLSocketFactory sockets, X509TrustManager trust) {
    private static final String SEC1 = "-----BEGIN EC PRIVATE KEY-----";
    private static final String P256 = "06082a8648ce3d030107";
    /** Version 0 and the algorithm ecPublicKey on the curve P-256, as PKCS#8 wants them before the key itself. */
    private static final byte[] HEADER = HexFormat.of().parseHex("020100" + "3013" + "06072a8648ce3d0201" + P256);

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
        if (pem.strip().startsWith(SEC1)) {
            var key = Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""));
            if (HexFormat.of().formatHex(key).contains(P256)) {
                return onP256(key);
            }
        }
        return SSLUtils.loadKey(pem.getBytes(StandardCharsets.US_ASCII));
    }

    private static PrivateKey onP256(byte[] key) throws GeneralSecurityException, IOException {
        var content = new ByteArrayOutputStream();
        content.write(HEADER);
        content.write(tagged(OCTET_STRING, key));
        return KeyFactory.getInstance("EC")
                .generatePrivate(new PKCS8EncodedKeySpec(tagged(SEQUENCE, content.toByteArray())));
    }

    /** DER: the tag, the length in as few bytes as hold it, the content. */
    private static byte[] tagged(int tag, byte[] content) throws IOException {
        var out = new ByteArrayOutputStream();
        out.write(tag);
        if (content.length > 0x7f) {
            // A key on this curve and all around it are shorter than 256 bytes.
            out.write(0x81);
        }
        out.write(content.length);
        out.write(content);
        return out.toByteArray();
    }
}
