package fr.relais;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLContext;

/** A server on the loopback interface that records each request. It gives a token to everyone and has no offers. */
final class RecordingServer implements AutoCloseable {

    /** Method, path, {@code Authorization} and body of each request. */
    final List<String> received = new CopyOnWriteArrayList<>();

    /** The status of the answers to {@code POST}. */
    volatile int status = 200;

    private final HttpServer server;

    private RecordingServer(HttpServer server) {
        this.server = server;
        server.createContext("/", this::answer);
        server.start();
    }

    static RecordingServer http() throws IOException {
        return new RecordingServer(HttpServer.create(anyPort(), 0));
    }

    static RecordingServer https(SSLContext context) throws IOException {
        HttpsServer server = HttpsServer.create(anyPort(), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context));
        return new RecordingServer(server);
    }

    int port() {
        return server.getAddress().getPort();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            received.add(
                    exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath() + " "
                            + exchange.getRequestHeaders().getFirst("Authorization") + " "
                            + new String(exchange.getRequestBody().readAllBytes(), UTF_8));
            if (exchange.getRequestMethod().equals("POST")) {
                byte[] token = "{\"access_token\": \"of-the-recording-server\", \"expires_in\": 60}".getBytes(UTF_8);
                exchange.sendResponseHeaders(status, token.length);
                exchange.getResponseBody().write(token);
            } else {
                exchange.sendResponseHeaders(204, -1);
            }
        }
    }

    private static InetSocketAddress anyPort() throws IOException {
        return new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
