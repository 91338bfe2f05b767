package fr.relais.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A client that calls the simulator and reads its answers, for the simulator's own tests. */
final class ApiClient {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final SourceSimulator simulator;
    private String token;
    private Duration timeout = Duration.ofSeconds(30);

    /** Creates a client and requests its token. */
    ApiClient(SourceSimulator simulator) throws Exception {
        this.simulator = simulator;
        this.token = json(requestToken(Map.of())).get("access_token").asText();
    }

    /** Uses another token from now on. */
    void useToken(String token) {
        this.token = token;
    }

    /** Sets how long later calls wait for the headers of an answer. */
    void useTimeout(Duration timeout) {
        this.timeout = timeout;
    }

    /**
     * Requests a token.
     *
     * @param changes parameters that replace those of a correct request
     */
    HttpResponse<byte[]> requestToken(Map<String, String> changes) throws Exception {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("grant_type", "client_credentials");
        parameters.put("client_id", SimulatorOptions.defaults().clientId());
        parameters.put("client_secret", SimulatorOptions.defaults().clientSecret());
        parameters.put("scope", "api_offresdemploiv2 o2dsoffre");
        parameters.put("realm", "/partenaire");
        parameters.putAll(changes);
        String realm = parameters.remove("realm");
        String form = parameters.entrySet().stream()
                .map(parameter -> parameter.getKey() + "=" + encoded(parameter.getValue()))
                .collect(Collectors.joining("&"));
        return HTTP.send(
                HttpRequest.newBuilder(URI.create(simulator.tokenUrl() + "?realm=" + encoded(realm)))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .timeout(timeout)
                        .POST(HttpRequest.BodyPublishers.ofString(form))
                        .build(),
                BodyHandlers.ofByteArray());
    }

    HttpResponse<byte[]> search(String query) throws Exception {
        return get(simulator.baseUrl() + "/v2/offres/search?" + query);
    }

    HttpResponse<byte[]> detail(String id) throws Exception {
        return get(simulator.baseUrl() + "/v2/offres/" + encoded(id));
    }

    HttpResponse<byte[]> get(String url) throws Exception {
        return send(HttpRequest.newBuilder(URI.create(url)));
    }

    HttpResponse<byte[]> send(HttpRequest.Builder request) throws Exception {
        return send(request, BodyHandlers.ofByteArray());
    }

    <T> HttpResponse<T> send(HttpRequest.Builder request, BodyHandler<T> body) throws Exception {
        request.header("Authorization", "Bearer " + token).timeout(timeout);
        return HTTP.send(request.build(), body);
    }

    static String between(Instant min, Instant max) {
        return "minCreationDate=" + OfferDate.inFilter(min) + "&maxCreationDate=" + OfferDate.inFilter(max);
    }

    static String encoded(String text) {
        return URLEncoder.encode(text, UTF_8);
    }

    static String header(HttpResponse<?> answer, String name) {
        return answer.headers().firstValue(name).orElseThrow();
    }

    static String contentRange(HttpResponse<?> answer) {
        return header(answer, "Content-Range");
    }

    static int total(HttpResponse<?> answer) {
        String range = contentRange(answer);
        return Integer.parseInt(range.substring(range.indexOf('/') + 1));
    }

    static JsonNode json(HttpResponse<byte[]> answer) throws IOException {
        return JSON.readTree(answer.body());
    }

    static JsonNode offers(HttpResponse<byte[]> answer) throws IOException {
        return json(answer).get("resultats");
    }

    static List<String> ids(HttpResponse<byte[]> answer) throws IOException {
        return offers(answer).findValuesAsText("id");
    }
}
