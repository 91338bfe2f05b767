package fr.relais;

import static org.assertj.core.api.Assertions.assertThat;

import fr.relais.simulator.SimulatorOptions;
import fr.relais.simulator.SourceSimulator;
import fr.relais.sweep.SweepState;
import fr.relais.sweep.SweepSummary;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The verification of the source's certificate before anything is sent to the source. */
class TlsIT {

    private static final String STORE_PASSWORD = "changeit";

    @TempDir
    private static Path folder;

    private static Path store;

    private SourceSimulator source;
    private RecordingServer server;
    private Mirror mirror;

    @BeforeAll
    static void makeCertificate() throws Exception {
        store = folder.resolve("localhost.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "san=dns:localhost",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        STORE_PASSWORD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(keytool.waitFor()).isZero();
    }

    @BeforeEach
    void start() throws Exception {
        source = SourceSimulator.start(SimulatorOptions.defaults());
        server = RecordingServer.https(context());
        mirror = Mirror.of(source).with("relais.source.retry-delay", "1");
    }

    @AfterEach
    void stop() {
        System.clearProperty("javax.net.ssl.trustStore");
        System.clearProperty("javax.net.ssl.trustStorePassword");
        mirror.close();
        server.close();
        source.close();
    }

    @Test
    void a_token_endpoint_that_is_not_trusted_does_not_get_the_secret() throws Exception {
        SweepSummary summary = mirror.with("relais.source.token-url", https("localhost", "/token"))
                .start()
                .sweep();

        assertThat(summary.state()).isEqualTo(SweepState.INCOMPLETE);
        assertThat(summary.reason()).contains("relais.source.token-url", "unable to find valid certification path");
        assertThat(server.received).isEmpty();
    }

    @Test
    void a_source_that_is_not_trusted_does_not_get_the_token() throws Exception {
        SweepSummary summary = mirror.with("relais.source.base-url", https("localhost", "/api"))
                .start()
                .sweep();

        assertThat(summary.state()).isEqualTo(SweepState.INCOMPLETE);
        assertThat(summary.reason()).contains("unable to find valid certification path");
        assertThat(source.tokens()).as("there was a token to send").isPositive();
        assertThat(server.received).isEmpty();
    }

    @Test
    void a_certificate_is_accepted_only_for_its_own_host_name() throws Exception {
        trust();
        SweepSummary summary = mirror.with("relais.source.base-url", https("127.0.0.1", "/api"))
                .start()
                .sweep();

        assertThat(summary.state()).isEqualTo(SweepState.INCOMPLETE);
        assertThat(summary.reason()).contains("127.0.0.1");
        assertThat(source.tokens()).isPositive();
        assertThat(server.received).isEmpty();
    }

    /** Tests the recording server itself: otherwise, a server that receives nothing would prove nothing. */
    @Test
    void a_server_with_a_trusted_certificate_gets_the_secret_and_the_token() throws Exception {
        trust();
        mirror.with("relais.source.token-url", https("localhost", "/token"))
                .with("relais.source.base-url", https("localhost", "/api"))
                .start()
                .sweep();

        assertThat(server.received)
                .anyMatch(request -> request.startsWith("POST /token")
                        && request.contains(SimulatorOptions.defaults().clientSecret()))
                .anyMatch(request -> request.startsWith("GET /api/v2/offres/search Bearer of-the-recording-server"));
    }

    private String https(String host, String path) {
        return "https://" + host + ":" + server.port() + path;
    }

    /** Trusts the certificate. Each Camel context reads these properties when it makes its first connection. */
    private static void trust() {
        System.setProperty("javax.net.ssl.trustStore", store.toString());
        System.setProperty("javax.net.ssl.trustStorePassword", STORE_PASSWORD);
    }

    private static SSLContext context() throws Exception {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream file = Files.newInputStream(store)) {
            keys.load(file, STORE_PASSWORD.toCharArray());
        }
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, STORE_PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }
}
