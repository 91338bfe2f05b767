package fr.relais;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import fr.relais.simulator.OfferGenerator;
import fr.relais.simulator.SimulatorOptions;
import fr.relais.simulator.SourceSimulator;
import fr.relais.views.View;
import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.Yaml;

/** The metrics of the service, and the rules and the dashboard in {@code k8s/monitoring} that use them. */
@Tag("long")
class PrometheusIT {

    private static final Path MONITORING = Path.of("k8s", "monitoring");
    private static final Path RULES = MONITORING.resolve("relais-rules.yaml");
    private static final Path RULES_TEST = MONITORING.resolve("relais-rules-test.yaml");
    private static final ObjectMapper JSON = new ObjectMapper();

    private static SourceSimulator source;
    private static Mirror mirror;
    private static Website website;

    @BeforeAll
    static void start() throws Exception {
        source = SourceSimulator.start(SimulatorOptions.defaults());
        new OfferGenerator(1).fill(source.base(), 300, Instant.now(), Duration.ofDays(60), "1");
        mirror = Mirror.of(source).start();
        mirror.sweep();
        website = Website.of(mirror, source)
                .with("management.server.port", "0")
                .with("relais.budget.offers", "1")
                .with("relais.budget.unopened", "1")
                .start();
        String id = mirror.offers().keySet().iterator().next();
        // Leads to each kind of trace that an id could leave.
        Relais relais = Relais.of(website.context().getBean(CamelContext.class)).orElseThrow();
        relais.views().count(List.of(new View(id, Instant.now(), "key", null)));
        relais.sweep();
        assertThat(website.get("/offres/" + id).statusCode()).isEqualTo(200);
        assertThat(website.get("/offres/unknown").statusCode()).isEqualTo(429);
        assertThat(website.get("/nowhere/" + id).statusCode()).isEqualTo(404);
        // The timer of pauses exists after the first one.
        System.gc();
        await().atMost(Duration.ofMinutes(1))
                .until(() -> scrape().contains("relais_sweep_last_records{result=\"unchanged\"} 300.0"));
    }

    @AfterAll
    static void stop() throws IOException {
        website.close();
        mirror.close();
        source.close();
    }

    private static String scrape() throws IOException, InterruptedException {
        return website.management("/actuator/prometheus").body();
    }

    @Test
    void the_metrics_are_on_the_management_port_only_and_the_health_is_on_both() throws Exception {
        assertThat(website.management("/actuator/prometheus").statusCode()).isEqualTo(200);
        assertThat(website.get("/actuator/prometheus").statusCode()).isEqualTo(404);
        for (String path : List.of("/actuator/health", "/actuator/health/liveness", "/actuator/health/readiness")) {
            assertThat(website.management(path).statusCode()).as(path).isEqualTo(200);
            assertThat(website.management(path).body())
                    .as(path)
                    .isEqualTo(website.get(path).body());
        }
        for (String path : List.of("/", "/offres", "/actuator", "/actuator/env", "/actuator/metrics")) {
            assertThat(website.management(path).statusCode()).as(path).isEqualTo(404);
        }
        assertThat(website.management("/actuator/health/db").statusCode()).isEqualTo(401);
    }

    @Test
    void the_metrics_show_what_happened() throws Exception {
        assertThat(scrape())
                .contains(
                        "relais_alerts_firing{kind=\"mirror\"} 0.0",
                        "relais_mirror_state{state=\"fresh\"} 1.0",
                        "relais_mirror_offers 300.0",
                        "relais_sweep_duration_seconds_count{outcome=\"proved\"} 1",
                        "relais_views_total{result=\"counted\"}",
                        "relais_budget_refusals_total{reason=\"offers\"} 1.0",
                        "hikaricp_connections{pool=\"relais\"}",
                        "hikaricp_connections{pool=\"relais-web\"}",
                        "camel_exchanges_total{camelContext=\"relais\",eventType=\"route\",kind=\"CamelRoute\","
                                + "routeId=\"relais-sweep\"} 1.0");
    }

    @Test
    void no_label_has_the_id_of_an_offer_or_an_address() throws Exception {
        String scrape = scrape();

        assertThat(mirror.offers().keySet()).hasSize(300).noneMatch(scrape::contains);
        assertThat(scrape).doesNotContain("/nowhere", "unknown", System.getProperty("user.dir"));
    }

    @Test
    void the_runbook_of_each_rule_is_a_section_of_the_guide() throws IOException {
        Set<String> sections = Files.readAllLines(Path.of("src/docs/guide/operate.md")).stream()
                .filter(line -> line.startsWith("#"))
                .map(line ->
                        line.replaceAll("^#+ ", "").toLowerCase(Locale.ROOT).replace(' ', '-'))
                .collect(Collectors.toSet());

        assertThat(rules()).isNotEmpty().allSatisfy(rule -> assertThat(
                        rule.at("/annotations/runbook").asText().replace("operate.md#", ""))
                .as(rule.path("alert").asText())
                .isIn(sections));
    }

    @Test
    void each_rule_has_a_test_in_which_it_is_silent_first_and_fires_later() throws IOException {
        List<String> silent = new ArrayList<>();
        List<String> firing = new ArrayList<>();
        Pattern alert = Pattern.compile("alertname=\"(\\w+)\"");
        yaml(RULES_TEST).path("tests").forEach(test -> test.path("promql_expr_test")
                .forEach(check -> alert.matcher(check.path("expr").asText())
                        .results()
                        .forEach(name -> (check.has("exp_samples") ? firing : silent).add(name.group(1)))));

        List<String> alerts =
                rules().stream().map(rule -> rule.path("alert").asText()).toList();
        assertThat(silent).isEqualTo(alerts);
        assertThat(firing).isEqualTo(alerts);
    }

    private static List<JsonNode> rules() throws IOException {
        List<JsonNode> rules = new ArrayList<>();
        yaml(RULES).path("groups").forEach(group -> group.path("rules").forEach(rules::add));
        return rules;
    }

    private static JsonNode yaml(Path file) throws IOException {
        return JSON.valueToTree(new Yaml().load(Files.readString(file)));
    }

    /** The tests that need Debian's package {@code prometheus}. */
    @Nested
    class WithPrometheus {

        @TempDir
        private static Path folder;

        @BeforeEach
        void requirePrometheus() {
            boolean isInstalled = Stream.of("promtool", "prometheus")
                    .allMatch(tool -> Stream.of(System.getenv("PATH").split(File.pathSeparator))
                            .anyMatch(place -> Files.isExecutable(Path.of(place, tool))));
            if (!isInstalled) {
                assertThat(System.getenv("CI"))
                        .as("CI, which requires prometheus on the PATH")
                        .isNotEqualTo("true");
            }
            assumeTrue(isInstalled, "prometheus is not on the PATH");
        }

        @Test
        void the_rules_are_valid_and_each_fires() throws Exception {
            run("promtool", "check", "rules", RULES.toString());
            run("promtool", "test", "rules", RULES_TEST.toString());
        }

        @Test
        void prometheus_scrapes_every_metric_that_the_dashboard_and_the_rules_use() throws Exception {
            int port;
            try (ServerSocket free = new ServerSocket(0)) {
                port = free.getLocalPort();
            }
            Path config = Files.writeString(folder.resolve("prometheus.yaml"), """
                    scrape_configs:
                      - job_name: relais
                        scrape_interval: 1s
                        metrics_path: /actuator/prometheus
                        static_configs:
                          - targets: ["127.0.0.1:%s"]
                    """.formatted(
                            website.context().getEnvironment().getProperty("local.management.port")));
            Process prometheus = new ProcessBuilder(
                            "prometheus",
                            "--config.file=" + config,
                            "--storage.tsdb.path=" + folder.resolve("data"),
                            "--web.listen-address=127.0.0.1:" + port)
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("prometheus.log").toFile())
                    .start();
            try {
                String api = "http://127.0.0.1:" + port + "/api/v1/";
                await().atMost(Duration.ofMinutes(1)).ignoreExceptions().until(() -> query(api, "up{job=\"relais\"}")
                        .at("/0/value/1")
                        .asText()
                        .equals("1"));
                Set<String> scraped = new TreeSet<>();
                get(api + "label/__name__/values").forEach(name -> scraped.add(name.asText()));
                for (String expression : expressions()) {
                    assertThat(names(expression)).as(expression).isNotEmpty().allSatisfy(name -> assertThat(scraped)
                            .contains(name));
                    assertThat(query(api, expression).isArray()).as(expression).isTrue();
                }
            } finally {
                prometheus.destroy();
                prometheus.waitFor();
            }
        }

        /** Returns the expressions of the rules, the panels and the variables. */
        private static Set<String> expressions() throws IOException {
            Set<String> expressions = new TreeSet<>();
            rules().forEach(rule -> expressions.add(rule.path("expr").asText()));
            JsonNode dashboard =
                    JSON.readTree(MONITORING.resolve("relais-dashboard.json").toFile());
            dashboard
                    .findValuesAsText("expr")
                    .forEach(expression -> expressions.add(
                            expression.replace("$instance", ".*").replace("$__rate_interval", "1m")));
            assertThat(expressions).hasSizeGreaterThan(50).noneMatch(expression -> expression.contains("$"));
            return expressions;
        }

        /** Returns the names of the metrics in an expression: the words that are nothing else. */
        private static List<String> names(String expression) {
            String words = expression
                    .replaceAll("\"[^\"]*\"", "")
                    .replaceAll("\\{[^}]*}", " ")
                    .replaceAll("\\[[^]]*]", " ")
                    .replaceAll("\\b(by|without|on|ignoring) *\\([^)]*\\)", " ")
                    .replaceAll("\\boffset \\w+", " ");
            return Arrays.stream(words.split("[^A-Za-z0-9_:(]+"))
                    .flatMap(word -> Stream.of(word.split("(?<=\\()")))
                    .filter(word -> word.matches("[A-Za-z_:][A-Za-z0-9_:]*"))
                    .filter(word -> !Set.of("and", "or", "unless", "sum", "max", "topk", "bool")
                            .contains(word))
                    .toList();
        }

        private static JsonNode query(String api, String expression) throws IOException, InterruptedException {
            return get(api + "query?query=" + URLEncoder.encode(expression, UTF_8))
                    .path("result");
        }

        private static JsonNode get(String address) throws IOException, InterruptedException {
            HttpResponse<String> answer = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create(address))
                                    .timeout(Duration.ofSeconds(30))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            return JSON.readTree(answer.body()).path("data");
        }

        private static void run(String... command) throws Exception {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes(), UTF_8);
            assertThat(process.waitFor()).as(output).isZero();
        }
    }
}
