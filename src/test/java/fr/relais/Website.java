package fr.relais;

import fr.relais.app.RelaisApplication;
import fr.relais.simulator.SourceSimulator;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** The application with its pages, in this process, with the database of a mirror. Its triggers are off. */
public final class Website implements AutoCloseable {

    private static final HttpClient CLIENT =
            HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NORMAL).build();

    static {
        // Otherwise the logging that Boot sets up would stay for later tests.
        System.setProperty("org.springframework.boot.logging.LoggingSystem", "none");
    }

    private final Map<String, String> properties = new TreeMap<>();
    private ConfigurableApplicationContext context;

    /** Returns an application with the database and the settings of the mirror. */
    public static Website of(Mirror mirror, SourceSimulator source) {
        Website website = new Website();
        website.properties.putAll(mirror.settings());
        return website.with("spring.datasource.url", mirror.dataSource.getJdbcUrl())
                .with("spring.datasource.username", "root")
                .with("spring.datasource.password", "")
                .with("server.port", "0");
    }

    /** Sets a property, which takes effect at the next start. */
    public Website with(String property, String value) {
        properties.put(property, value);
        return this;
    }

    public Website start() {
        List<String> arguments = new ArrayList<>();
        properties.forEach((name, value) -> arguments.add("--" + name + "=" + value));
        context = SpringApplication.run(RelaisApplication.class, arguments.toArray(String[]::new));
        return this;
    }

    public ConfigurableApplicationContext context() {
        return context;
    }

    /** Returns the address of the application, without a slash at its end. */
    public String address() {
        return "http://127.0.0.1:" + context.getEnvironment().getProperty("local.server.port");
    }

    /**
     * Requests a page and follows redirects.
     *
     * @param headers names and values, alternating
     */
    public HttpResponse<String> get(String path, String... headers) throws IOException, InterruptedException {
        return send("GET", path, headers);
    }

    /** An answer, and the time between the request and the answer. */
    public record Timed(HttpResponse<String> response, Duration time) {}

    /** Requests a page without waiting for the answer. */
    public CompletableFuture<Timed> timed(String path, String... headers) {
        long start = System.nanoTime();
        return CLIENT.sendAsync(request("GET", path, headers), HttpResponse.BodyHandlers.ofString())
                .thenApply(response -> new Timed(response, Duration.ofNanos(System.nanoTime() - start)));
    }

    public HttpResponse<String> head(String path) throws IOException, InterruptedException {
        return send("HEAD", path);
    }

    private HttpResponse<String> send(String method, String path, String... headers)
            throws IOException, InterruptedException {
        return CLIENT.send(request(method, path, headers), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
    }

    private HttpRequest request(String method, String path, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(address() + path))
                .method(method, HttpRequest.BodyPublishers.noBody());
        if (headers.length > 0) {
            request.headers(headers);
        }
        return request.build();
    }

    @Override
    public void close() {
        context.close();
    }
}
