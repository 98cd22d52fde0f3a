package dev.envctl.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClientTlsTest {
    @RepeatedTest(20)
    void readsKeysAsKubeadmWritesThem() throws GeneralSecurityException, IOException {
        var pair = onCurve("secp256r1");

        assertThat(number(ClientTls.privateKey(pem("EC PRIVATE KEY", sec1(pair)))))
                .isEqualTo(number(pair.getPrivate()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"secp384r1", "secp521r1"})
    void readsKeysOnOtherCurves(String curve) throws GeneralSecurityException, IOException {
        var pair = onCurve(curve);

        assertThat(number(ClientTls.privateKey(pem("EC PRIVATE KEY", sec1(pair)))))
                .isEqualTo(number(pair.getPrivate()));
    }

    @Test
    void readsRsaKeys() throws GeneralSecurityException, IOException {
        var key = KeyPairGenerator.getInstance("RSA").generateKeyPair().getPrivate();
        var pkcs1 = PrivateKeyInfo.getInstance(key.getEncoded()).parsePrivateKey();

        assertThat(ClientTls.privateKey(
                                pem("RSA PRIVATE KEY", pkcs1.toASN1Primitive().getEncoded()))
                        .getEncoded())
                .isEqualTo(key.getEncoded());
    }

    @Test
    void readsPkcs8() throws GeneralSecurityException, IOException {
        var key = onCurve("secp256r1").getPrivate();

        assertThat(number(ClientTls.privateKey(pem("PRIVATE KEY", key.getEncoded()))))
                .isEqualTo(number(key));
    }

    private static KeyPair onCurve(String name) throws GeneralSecurityException {
        var generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec(name));
        return generator.generateKeyPair();
    }

    /** With the curve and the public key, as Go writes it. */
    private static byte[] sec1(KeyPair pair) throws IOException {
        var open = SubjectPublicKeyInfo.getInstance(pair.getPublic().getEncoded());
        var key = (ECPrivateKey) pair.getPrivate();
        return new org.bouncycastle.asn1.sec.ECPrivateKey(
                        key.getParams().getOrder().bitLength(),
                        key.getS(),
                        open.getPublicKeyData(),
                        open.getAlgorithm().getParameters())
                .getEncoded();
    }

    private static java.math.BigInteger number(PrivateKey key) {
        return ((ECPrivateKey) key).getS();
    }

    private static String pem(String title, byte[] content) {
        var lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
        return "-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n".formatted(title, lines);
    }
}
