package fr.relais.source;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class BoundedAnswerTest {

    private static final int MAX_BYTES = 100_000;

    private final CountDownLatch dropped = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/small", exchange -> send(exchange, "small".getBytes(UTF_8)));
        server.createContext("/bomb", exchange -> {
            ByteArrayOutputStream packed = new ByteArrayOutputStream();
            try (OutputStream gzip = new GZIPOutputStream(packed)) {
                gzip.write(new byte[10 * MAX_BYTES]);
            }
            exchange.getResponseHeaders().set("Content-Encoding", "gzip");
            send(exchange, packed.toByteArray());
        });
        server.createContext("/endless", exchange -> sendUntilDropped(exchange, 1_000, 0));
        server.createContext("/drips", exchange -> sendUntilDropped(exchange, 1, 10));
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
        threads.shutdownNow();
    }

    @Test
    void an_answer_within_the_limits_is_returned() throws Exception {
        assertThat(get("/small")).isEqualTo("small");
    }

    @Test
    void a_compressed_answer_that_expands_beyond_the_limit_is_refused() {
        assertThatThrownBy(() -> get("/bomb")).isInstanceOf(IOException.class).hasMessageContaining("larger than");
    }

    @Test
    void an_endless_answer_is_refused_and_its_connection_dropped() throws Exception {
        assertThatThrownBy(() -> get("/endless"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("larger than");
        assertThat(dropped.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void a_very_slow_answer_is_refused_and_its_connection_dropped() throws Exception {
        assertThatThrownBy(() -> get("/drips")).isInstanceOf(IOException.class).hasMessageContaining("took longer");
        assertThat(dropped.await(10, TimeUnit.SECONDS)).isTrue();
    }

    private String get(String path) throws IOException {
        try (CloseableHttpClient client = HttpClientBuilder.create()
                .disableAutomaticRetries()
                .addExecInterceptorFirst("bounded", new BoundedAnswer(MAX_BYTES, Duration.ofMillis(500)))
                .build()) {
            return client.execute(
                    new HttpGet("http://127.0.0.1:" + server.getAddress().getPort() + path),
                    answer -> EntityUtils.toString(answer.getEntity()));
        }
    }

    private static void send(HttpExchange exchange, byte[] body) throws IOException {
        try (exchange) {
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    /** Sends blocks of {@code length} bytes until the client disconnects. */
    private void sendUntilDropped(HttpExchange exchange, int length, long pauseMillis) throws IOException {
        exchange.sendResponseHeaders(200, 0);
        try (OutputStream body = exchange.getResponseBody()) {
            while (!new CountDownLatch(1).await(pauseMillis, TimeUnit.MILLISECONDS)) {
                body.write(new byte[length]);
                body.flush();
            }
        } catch (IOException e) {
            dropped.countDown();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
