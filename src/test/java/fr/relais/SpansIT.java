package fr.relais;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import fr.relais.docs.Guide;
import fr.relais.simulator.OfferGenerator;
import fr.relais.simulator.SimulatorOptions;
import fr.relais.simulator.SourceSimulator;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The spans that the packed {@code relais-exec.jar} exports with the jars that the guide collects. */
@Tag("long")
class SpansIT {

    private static final String SECTION = "Send spans to OpenTelemetry";

    private final StringBuffer exported = new StringBuffer();

    @TempDir
    private Path folder;

    @Test
    void routes_and_requests_have_spans_without_queries_and_ids() throws Exception {
        HttpServer collector = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        collector.createContext("/v1/traces", exchange -> {
            // The texts of a message of protobuf are in it as they are.
            exported.append(new String(exchange.getRequestBody().readAllBytes(), ISO_8859_1));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        collector.start();
        try (SourceSimulator source = SourceSimulator.start(SimulatorOptions.defaults())) {
            new OfferGenerator(1).fill(source.base(), 20, Instant.now(), Duration.ofDays(5), "1");
            List<String> ids = List.copyOf(source.base().ids());
            Packed packed = new Packed(folder, source)
                    .with(
                            "MANAGEMENT_OPENTELEMETRY_TRACING_EXPORT_OTLP_ENDPOINT",
                            "http://127.0.0.1:" + collector.getAddress().getPort() + "/v1/traces")
                    .with("MANAGEMENT_TRACING_SAMPLING_PROBABILITY", "1");
            collectJars();

            try (Packed.Service service = packed.startJar()) {
                await().atMost(Duration.ofMinutes(1))
                        .until(() -> packed.output().contains("Sweep 1 proved"));
                assertThat(service.get("/offres/" + ids.get(0)).statusCode()).isEqualTo(200);
                assertThat(service.get("/offres/NONE1234?query=secret5678").statusCode())
                        .isEqualTo(404);
                await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertThat(exported.toString())
                        .contains("relais-run-sweep", "relais-call-source", "{id}"));
            }

            assertThat(exported.toString())
                    .doesNotContain(ids)
                    .doesNotContain("NONE1234", "secret5678", source.baseUrl());
        } finally {
            collector.stop(0);
        }
    }

    /** Follows the guide in the working directory of the service. */
    private void collectJars() throws IOException, InterruptedException {
        Guide guide = Guide.read(Path.of("src", "docs", "guide", "operate.md"));
        Guide.Block pom = guide.blocks(SECTION, "xml").get(0);
        Path work = folder.resolve("work");
        Files.writeString(work.resolve(pom.file()), pom.code());
        String command = guide.blocks(SECTION, "").get(0).code().strip();
        Process maven = new ProcessBuilder("bash", "-c", command + " -B -q")
                .directory(work.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(maven.getInputStream().readAllBytes(), ISO_8859_1);
        assertThat(maven.waitFor()).as(output).isZero();
        Files.delete(work.resolve(pom.file()));
    }
}
