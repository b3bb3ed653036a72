package io.tarsy.history.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A certificate for this machine that nobody trusts yet, as an operator makes one. */
final class OwnCertificate {
    static final String PASSWORD = "for the tests";

    private OwnCertificate() {}

    /** Puts it into the folder: the keys of a server as {@code keys.p12}, and {@code trust.p12} for who trusts it. */
    static SSLContext into(Path folder) throws IOException, InterruptedException, GeneralSecurityException {
        keytool(
                folder,
                "-genkeypair",
                "-keyalg",
                "RSA",
                "-dname",
                "CN=127.0.0.1",
                "-ext",
                "san=ip:127.0.0.1",
                "-keystore",
                "keys.p12");
        keytool(folder, "-exportcert", "-file", "server.cer", "-keystore", "keys.p12");
        keytool(folder, "-importcert", "-noprompt", "-file", "server.cer", "-keystore", "trust.p12");
        var store = KeyStore.getInstance(folder.resolve("trust.p12").toFile(), PASSWORD.toCharArray());
        var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        var tls = SSLContext.getInstance("TLS");
        tls.init(null, trust.getTrustManagers(), null);
        return tls;
    }

    private static void keytool(Path folder, String... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of("keytool"));
        command.addAll(List.of(arguments));
        command.addAll(List.of("-alias", "server", "-storetype", "PKCS12", "-storepass", PASSWORD));
        var process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
    }
}
