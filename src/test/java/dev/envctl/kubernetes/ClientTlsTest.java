package dev.envctl.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPrivateKey;
import java.util.Arrays;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClientTlsTest {
    /** What PKCS#8 puts in front of a PKCS#1 key of these sizes. */
    private static final int PKCS8_HEADER = 26;

    @ParameterizedTest
    @ValueSource(ints = {2048, 4096})
    void readsKeysAsKubeadmWritesThem(int bits) throws GeneralSecurityException, IOException {
        var generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(bits);
        var key = generator.generateKeyPair().getPrivate();
        var pkcs1 = Arrays.copyOfRange(key.getEncoded(), PKCS8_HEADER, key.getEncoded().length);

        assertThat(ClientTls.privateKey(pem("RSA PRIVATE KEY", pkcs1))).isEqualTo(key);
    }

    @Test
    void readsOtherKeysToo() throws GeneralSecurityException, IOException {
        var key = KeyPairGenerator.getInstance("EC").generateKeyPair().getPrivate();

        assertThat(ClientTls.privateKey(pem("PRIVATE KEY", key.getEncoded())))
                .isInstanceOfSatisfying(
                        ECPrivateKey.class, read -> assertThat(read.getS()).isEqualTo(((ECPrivateKey) key).getS()));
    }

    private static String pem(String title, byte[] content) {
        var lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
        return "-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n".formatted(title, lines);
    }
}
