package fr.relais.web.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import fr.relais.Mirror;
import fr.relais.Website;
import fr.relais.simulator.OfferGenerator;
import fr.relais.simulator.SimulatorOptions;
import fr.relais.simulator.SourceSimulator;
import fr.relais.web.Site;
import fr.relais.web.access.ApiKeys;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/** A comparison of the server with its contract, {@code openapi.yaml}. Both must have the same routes and answers. */
class OpenApiIT {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    /** The number of requests per minute with a key. */
    private static final int REQUESTS = 300;

    private static SourceSimulator source;
    private static Mirror mirror;
    private static Website website;
    private static JsonNode contract;
    private static String key;
    private static String busy;
    private final Set<String> seen = new HashSet<>();

    @BeforeAll
    static void start() throws Exception {
        source = SourceSimulator.start(SimulatorOptions.defaults());
        new OfferGenerator(1).fill(source.base(), 200, Instant.now(), Duration.ofDays(60), "1");
        source.base().putRaw("BARE", Instant.now(), "1", "{\"id\":\"BARE\"}".getBytes());
        mirror = Mirror.of(source).start();
        mirror.sweep();
        website = Website.of(mirror, source)
                .with("relais.budget.key-offers", "202")
                .with("relais.budget.requests-per-minute", Integer.toString(REQUESTS / 10))
                .start();
        // The service may not know a key that is added later for three seconds.
        key = website.context().getBean(ApiKeys.class).add("site");
        busy = website.context().getBean(ApiKeys.class).add("busy");
        contract = new YAMLMapper().readTree(website.get("/api/openapi.yaml").body());
    }

    @AfterAll
    static void stop() {
        website.close();
        mirror.close();
        source.close();
    }

    @Test
    void the_contract_names_every_route_of_the_api_and_no_other() {
        Set<String> served = new HashSet<>();
        website.context()
                .getBean("requestMappingHandlerMapping", RequestMappingHandlerMapping.class)
                .getHandlerMethods()
                .keySet()
                .forEach(info -> info.getPatternValues().stream()
                        .filter(pattern -> pattern.startsWith("/api/"))
                        .forEach(pattern -> info.getMethodsCondition()
                                .getMethods()
                                .forEach(method -> served.add(method.name().toLowerCase() + " " + pattern))));
        Set<String> listed = new HashSet<>();
        contract.path("paths").properties().forEach(path -> path.getValue()
                .fieldNames()
                .forEachRemaining(method -> listed.add(method + " " + path.getKey())));

        assertThat(listed).isEqualTo(served);
    }

    @Test
    void the_contract_describes_every_answer() throws Exception {
        List<String> ids = new ArrayList<>(mirror.offers().keySet());
        for (String id : ids) {
            check("get", "/api/offres/{id}", "/api/offres/" + id, key, null, 200);
        }
        check("get", "/api/offres/{id}", "/api/offres/NONE", key, null, 404);
        check("get", "/api/offres/{id}", "/api/offres/MORE", key, null, 429);
        check("get", "/api/offres/{id}", "/api/offres/NONE", "wrong", null, 401);
        String view = "{\"offerId\":\"%s\",\"at\":\"%s\",\"key\":\"k\"}".formatted(ids.get(0), Instant.now());
        check("post", "/api/views", "/api/views", key, view, 202);
        check("post", "/api/views", "/api/views", key, "[" + view + "]", 202);
        check("post", "/api/views", "/api/views", key, "{}", 400);
        check("post", "/api/views", "/api/views", null, view, 401);
        check("post", "/api/views", "/api/views", key, " ".repeat(1024 * 1024 + 1), 413);
        for (int i = 0; i < 5 * REQUESTS && !seen.contains("post /api/views 429"); i++) {
            check("post", "/api/views", "/api/views", busy, "[]");
        }
        check("post", "/api/views", "/api/views", key, "[]", 202);
        check("get", "/api/openapi.yaml", "/api/openapi.yaml", null, null, 200);
        mirror.relais().seal().seal("the licence has ended", null);
        awaitSeal(true);
        check("get", "/api/offres/{id}", "/api/offres/" + ids.get(0), key, null, 410);
        mirror.relais().seal().open(null);
        awaitSeal(false);
        mirror.jdbc.sql("rename table offer to away, view_count to away2").update();
        try {
            check("get", "/api/offres/{id}", "/api/offres/" + ids.get(0), key, null, 503);
            check("post", "/api/views", "/api/views", key, view.replace("\"k\"", "\"other\""), 503);
        } finally {
            mirror.jdbc.sql("rename table away to offer, away2 to view_count").update();
        }

        Set<String> listed = new HashSet<>();
        contract.path("paths")
                .properties()
                .forEach(path -> path.getValue().properties().forEach(method -> method.getValue()
                        .path("responses")
                        .fieldNames()
                        .forEachRemaining(status -> listed.add(method.getKey() + " " + path.getKey() + " " + status))));
        assertThat(seen).as("each answer was seen").isEqualTo(listed);
    }

    private static void awaitSeal(boolean sealed) {
        Site site = website.context().getBean(Site.class);
        await().until(() -> site.freshness().seal() != null == sealed);
    }

    private void check(String method, String path, String address, String bearer, String body, int status)
            throws Exception {
        assertThat(check(method, path, address, bearer, body)).as(address).isEqualTo(status);
    }

    /** Sends a request, asserts that the contract describes its answer, and returns the status. */
    private int check(String method, String path, String address, String bearer, String body) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(website.address() + address))
                .method(
                        method.toUpperCase(),
                        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        if (bearer != null) {
            request.header("Authorization", "Bearer " + bearer);
        }
        if (body != null) {
            request.header("Content-Type", "application/json");
        }
        HttpResponse<String> answer = CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
        int status = answer.statusCode();
        seen.add(method + " " + path + " " + status);

        JsonNode response = resolve(
                contract.path("paths").path(path).path(method).path("responses").path(status + ""));
        assertThat(response.isMissingNode())
                .as("%s %s %s is described", method, path, status)
                .isFalse();
        String type = answer.headers().firstValue("Content-Type").orElse("").replaceFirst(";.*", "");
        assertThat(response.path("content").has(type))
                .as("%s is described", type)
                .isTrue();
        response.path("headers").properties().forEach(header -> {
            if (resolve(header.getValue()).path("required").asBoolean()) {
                String value = answer.headers().firstValue(header.getKey()).orElse(null);
                assertThat(value).as(header.getKey()).isNotEmpty();
                if (resolve(header.getValue()).at("/schema/type").asText().equals("integer")) {
                    assertThat(Integer.parseInt(value)).isPositive();
                }
            }
        });
        JsonNode schema = response.path("content").path(type).path("schema");
        if (!schema.isMissingNode()) {
            assertThat(schema(schema).validate(MAPPER.readTree(answer.body())))
                    .as(answer.body())
                    .isEmpty();
        }
        return status;
    }

    private static JsonNode resolve(JsonNode node) {
        return node.has("$ref") ? contract.at(node.get("$ref").asText().substring(1)) : node;
    }

    private static JsonSchema schema(JsonNode schema) {
        ObjectNode whole = schema.deepCopy();
        whole.set("components", contract.get("components"));
        return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                .getSchema(
                        whole,
                        SchemaValidatorsConfig.builder()
                                .formatAssertionsEnabled(true)
                                .build());
    }
}
