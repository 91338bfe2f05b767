package fr.relais;

import fr.relais.app.RelaisApplication;
import fr.relais.simulator.SourceSimulator;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
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
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jsoup.Jsoup;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** The application with its pages, in this process, with the database of a mirror. Its triggers are off. */
public final class Website implements AutoCloseable {

    private static final HttpClient CLIENT =
            HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NORMAL).build();

    private static final HttpClient UNREDIRECTED = HttpClient.newHttpClient();

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
                .with("server.port", "0")
                // Most tests read no metrics, and start faster without a second server.
                .with("management.server.port", "-1");
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

    /** Requests a page from the management port, which needs {@code management.server.port}. */
    public HttpResponse<String> management(String path) throws IOException, InterruptedException {
        URI address =
                URI.create("http://127.0.0.1:" + context.getEnvironment().getProperty("local.management.port") + path);
        return CLIENT.send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString());
    }

    /** An answer, and the time between the request and the answer. */
    public record Timed(HttpResponse<String> response, Duration time) {}

    /** Requests a page without waiting for the answer. */
    public CompletableFuture<Timed> timed(String path, String... headers) {
        long start = System.nanoTime();
        return CLIENT.sendAsync(request("GET", path, headers), HttpResponse.BodyHandlers.ofString())
                .thenApply(response -> new Timed(response, Duration.ofNanos(System.nanoTime() - start)));
    }

    /**
     * Signs in at the console.
     *
     * @return the value of the header {@code Cookie} for further requests
     */
    public String signIn(String name, String password) throws IOException, InterruptedException {
        HttpResponse<String> form = unredirected("GET", "/console/login", "");
        HttpResponse<String> answer = signIn(form, name, password);
        if (answer.statusCode() != 302) {
            throw new IllegalStateException(answer.statusCode() + " " + answer.body());
        }
        return cookies(form) + "; " + cookies(answer);
    }

    /** Sends the form of a login page, and does not follow the redirect. */
    public HttpResponse<String> signIn(HttpResponse<String> form, String name, String password, String... headers)
            throws IOException, InterruptedException {
        String body = "name=" + encode(name) + "&password=" + encode(password) + "&_csrf=" + csrf(form);
        return unredirected("POST", "/console/login", body, with(headers, "Cookie", cookies(form)));
    }

    /** Returns the CSRF token in the forms of a page. */
    public static String csrf(HttpResponse<String> page) {
        return encode(Jsoup.parse(page.body()).selectFirst("input[name=_csrf]").val());
    }

    /** Returns the cookies that an answer sets, as a browser sends them back. */
    public static String cookies(HttpResponse<String> answer) {
        return answer.headers().allValues("Set-Cookie").stream()
                .map(cookie -> cookie.replaceFirst(";.*", ""))
                .collect(Collectors.joining("; "));
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static String[] with(String[] headers, String name, String value) {
        return Stream.concat(Stream.of(headers), Stream.of(name, value)).toArray(String[]::new);
    }

    /** Sends a form, or an empty body, without following redirects. */
    public HttpResponse<String> unredirected(String method, String path, String form, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(address() + path))
                .method(method, HttpRequest.BodyPublishers.ofString(form))
                .headers(with(headers, "Content-Type", "application/x-www-form-urlencoded"));
        return UNREDIRECTED.send(request.build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
    }

    /** Sends a form with a file, and does not follow the redirect. */
    public HttpResponse<String> upload(String path, String boundary, String form, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(address() + path))
                .POST(HttpRequest.BodyPublishers.ofString(form))
                .headers(with(headers, "Content-Type", "multipart/form-data; boundary=" + boundary));
        return UNREDIRECTED.send(request.build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
    }

    /** Downloads a file. */
    public HttpResponse<byte[]> download(String path, String... headers) throws IOException, InterruptedException {
        return UNREDIRECTED.send(request("GET", path, headers), HttpResponse.BodyHandlers.ofByteArray());
    }

    /** Requests a stream, whose lines are read while they arrive. */
    public HttpResponse<Stream<String>> stream(String path, String... headers)
            throws IOException, InterruptedException {
        return CLIENT.send(request("GET", path, headers), HttpResponse.BodyHandlers.ofLines());
    }

    /** Requests a page under another name of the host, and returns the answer with its headers. */
    public String getAs(String host, String path) throws IOException {
        URI address = URI.create(address());
        try (Socket socket = new Socket(address.getHost(), address.getPort())) {
            String request = "GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
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
