package fr.relais;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import com.zaxxer.hikari.util.DriverDataSource;
import fr.relais.simulator.Answer;
import fr.relais.simulator.Call;
import fr.relais.simulator.OfferGenerator;
import fr.relais.simulator.SimulatorOptions;
import fr.relais.simulator.SourceSimulator;
import fr.relais.source.Token;
import fr.relais.source.TokenAnswer;
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
import java.util.Base64;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The protection of secrets, tokens and offers: the packed application shows none of them at any log level. */
@Tag("long")
class SecretsIT {

    private static final String USER = "canary";
    private static final String PASSWORD = "canary-password+/=& 7Qx%";
    private static final String SECRET = "canary-secret+/=& 7Qx%";
    private static final String KEY = "canary-key-7Qx";
    private static final String TITLE = "canary-title-zq9w";
    private static final String DESCRIPTION = "canary-description-zq9w";

    private final Set<String> tokens = ConcurrentHashMap.newKeySet();
    private volatile String refusal = "";
    private volatile Runnable onSearch = () -> {};

    @TempDir
    private Path folder;

    private SourceSimulator source;
    private JdbcClient jdbc;
    private Packed packed;

    @BeforeEach
    void start() throws Exception {
        source = SourceSimulator.start(SimulatorOptions.defaults().withClientSecret(SECRET));
        OfferGenerator generator = new OfferGenerator(1);
        Stream.generate(() -> generator.offer(Instant.now().minus(Duration.ofDays(1)), "1"))
                .limit(20)
                .forEach(offer -> source.base().put(offer.put("intitule", TITLE).put("description", DESCRIPTION)));
        source.onCall((exchange, call) -> {
            if (call.kind() == Call.Kind.TOKEN && refusal.equals("account")) {
                Answer.of(400, "application/json", """
                        {"error": "invalid_client", "error_description": "%s"}""".formatted(SECRET)).sendTo(exchange);
                return true;
            }
            if (call.kind() != Call.Kind.TOKEN) {
                tokens.add(
                        exchange.getRequestHeaders().getFirst("Authorization").substring("Bearer ".length()));
            }
            if (call.kind() == Call.Kind.SEARCH) {
                onSearch.run();
            }
            if (call.kind() == Call.Kind.SEARCH && refusal.matches("\\d+")) {
                Answer.empty(Integer.parseInt(refusal)).sendTo(exchange);
                return true;
            }
            return false;
        });
        EmbeddedDatabase.shared().account(USER, PASSWORD);
        packed = new Packed(folder, source)
                .with("RELAIS_SOURCE_CLIENT_SECRET", SECRET)
                .with("SPRING_DATASOURCE_USERNAME", USER)
                .with("SPRING_DATASOURCE_PASSWORD", PASSWORD);
        jdbc = JdbcClient.create(new DriverDataSource(
                packed.environment.get("SPRING_DATASOURCE_URL"), null, new Properties(), "root", ""));
    }

    @AfterEach
    void stop() {
        source.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"DEBUG", "TRACE"})
    void the_service_reveals_nothing_in_normal_operation_or_during_failures(String level) throws Exception {
        int managementPort;
        try (ServerSocket free = new ServerSocket(0)) {
            managementPort = free.getLocalPort();
        }
        packed.with("LOGGING_LEVEL_ROOT", level)
                .with("RELAIS_SWEEP_CRON", "* * * * * ?")
                .with("MANAGEMENT_SERVER_PORT", Integer.toString(managementPort));
        try (Packed.Service service = packed.start()) {
            awaitSweep("state = 'proved' and created = 20");

            // The database's message for the refused row quotes the offer.
            jdbc.sql("""
                    create trigger refuse before update on offer for each row
                    signal sqlstate '45000' set message_text = new.intitule""").update();
            List.copyOf(source.base().ids())
                    .forEach(id -> source.base().change(id, offer -> offer.put("description", DESCRIPTION + "2")));
            awaitSweep("reason like '%45000%'");
            jdbc.sql("drop trigger refuse").update();

            refusal = "401";
            awaitSweep("reason like '%401%'");
            refusal = "account";
            awaitSweep("reason like '%invalid_client%'");
            refusal = "403";
            jdbc.sql("update account set probe_at = since").update();
            awaitSweep("reason like '%403%'");

            List<String> answers = new ArrayList<>();
            for (String path : List.of(
                    "/console/sweeps",
                    "/console",
                    "/console/removals",
                    "/console/reports",
                    "/console/set-aside",
                    "/console/routes",
                    "/console/routes/relais-request-token",
                    "/console/sweeps/1",
                    "/console/events",
                    "/",
                    "/modifications",
                    "/actuator/health",
                    "/nowhere")) {
                HttpResponse<String> answer = service.get(path);
                if (path.startsWith("/console")) {
                    assertThat(answer.statusCode()).as(path).isEqualTo(200);
                }
                answers.add(answer.headers() + answer.body());
            }
            assertThat(answers.get(0)).contains("403");
            for (String endpoint : List.of(
                    "beans",
                    "configprops",
                    "env",
                    "heapdump",
                    "loggers",
                    "mappings",
                    "metrics",
                    "prometheus",
                    "threaddump")) {
                HttpResponse<String> answer = service.get("/actuator/" + endpoint);
                assertThat(answer.statusCode()).as(endpoint).isEqualTo(404);
                answers.add(answer.body());
            }

            String metrics = get("http://127.0.0.1:" + managementPort + "/actuator/prometheus");
            assertThat(metrics).contains("relais_sweep_duration_seconds_count");
            answers.add(metrics);

            assertThat(packed.output()).contains(level);
            assertThat(tokens).isNotEmpty();
            assertThat(found(packed.output())).as("in the output").isEmpty();
            assertThat(answers).allSatisfy(answer -> assertThat(found(answer)).isEmpty());
            assertThat(packed.files().toString())
                    .satisfies(
                            files -> assertThat(found(files)).as("in the files").isEmpty());
        }
    }

    @Test
    void a_hook_that_quotes_an_offer_and_a_database_that_stops_reveal_nothing() throws Exception {
        Path routes = Files.createDirectory(folder.resolve("own"));
        Files.writeString(routes.resolve("hook.camel.yaml"), """
                - route:
                    id: relais-transform-offer
                    description: Elle échoue pour chaque offre modifiée.
                    from:
                      uri: direct:relais-transform-offer
                      steps:
                        - filter:
                            expression:
                              simple:
                                expression: ${body.isNew} == false
                            steps:
                              - throwException:
                                  exceptionType: java.lang.IllegalStateException
                                  message: ${body.content}
                """);
        EmbeddedDatabase own = EmbeddedDatabase.start(folder.resolve("data"), EmbeddedDatabase.WITHOUT_SYNC);
        own.account(USER, PASSWORD);
        packed.with("SPRING_DATASOURCE_URL", own.newSchema())
                .with("RELAIS_ROUTES", routes.toString())
                .with("RELAIS_SWEEP_CRON", "* * * * * ?")
                .with("CAMEL_MAIN_TRACING", "true")
                .with("LOGGING_LEVEL_ROOT", "TRACE");
        jdbc = JdbcClient.create(new DriverDataSource(
                packed.environment.get("SPRING_DATASOURCE_URL"), null, new Properties(), "root", ""));
        AtomicBoolean running = new AtomicBoolean(true);
        try (Packed.Service service = packed.start()) {
            awaitSweep("state = 'proved' and created = 20");
            String offer = "/offres/" + source.base().ids().iterator().next();
            assertThat(get(service.address() + offer)).contains(TITLE);
            assertThat(get(service.address() + "/api/offres/" + offer.substring("/offres/".length())))
                    .isNotEmpty();
            get(service.address() + "/console");

            List.copyOf(source.base().ids())
                    .forEach(id -> source.base().change(id, changed -> changed.put("description", DESCRIPTION + "2")));
            awaitSweep("reason like 'relais-transform-offer failed: %IllegalStateException%'");

            onSearch = () -> {
                if (running.compareAndSet(true, false)) {
                    own.close();
                }
            };
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> packed.output().contains("relais-sweep-by-schedule failed: the database reports"));
            assertThat(get(service.address() + offer)).doesNotContain(TITLE);

            assertThat(found(packed.output())).isEmpty();
            assertThat(packed.output().lines().filter(line -> line.matches("\\S+Z +(WARN|ERROR) .*")))
                    .allMatch(line -> line.length() < 300);
        } finally {
            if (running.getAndSet(false)) {
                own.close();
            }
        }
    }

    /** Requests a page with a key in the header Authorization, and returns it. */
    private static String get(String address) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(address))
                .header("Authorization", "Basic " + base64(USER + ":" + KEY))
                .build();
        return HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.ofString())
                .body();
    }

    @Test
    void secrets_from_files_are_used_and_not_revealed() throws Exception {
        Path secrets = Files.createDirectory(folder.resolve("secrets"));
        Files.writeString(secrets.resolve("relais.source.client-secret"), SECRET);
        Files.writeString(secrets.resolve("spring.datasource.password"), PASSWORD);

        Packed.Ended sync = packed.without("RELAIS_SOURCE_CLIENT_SECRET", "SPRING_DATASOURCE_PASSWORD")
                .with("SPRING_CONFIG_IMPORT", "configtree:" + secrets + "/")
                .with("LOGGING_LEVEL_ROOT", "TRACE")
                .with("CAMEL_MAIN_TRACING", "true")
                .with("CAMEL_MAIN_MESSAGE_HISTORY", "true")
                // This password is not secret: the store has public certificates only.
                .withJavaOptions("-Djavax.net.ssl.trustStorePassword=changeit")
                .runAlone("sync");

        assertThat(sync.exitCode()).isZero();
        assertThat(sync.output()).contains("Sweep 1 proved: 20 created", "TRACE");
        assertThat(found(sync.output())).isEmpty();
    }

    @Test
    void a_hook_that_logs_everything_it_gets_reveals_no_secret() throws Exception {
        Path routes = Files.createDirectory(folder.resolve("own"));
        for (String hook : List.of("relais-transform-offer", "relais-sweep-ended")) {
            Files.writeString(routes.resolve(hook + ".camel.yaml"), """
                    - route:
                        id: %1$s
                        description: Elle écrit au journal ce qui accompagne l’offre.
                        from:
                          uri: direct:%1$s
                          steps:
                            - log:
                                loggingLevel: ERROR
                                message: "%1$s has ${headers} ${variables} ${exchange.properties}"
                    """.formatted(hook));
        }

        Packed.Ended sync = packed.with("RELAIS_ROUTES", routes.toString()).runAlone("sync");

        assertThat(sync.exitCode()).as(sync.output()).isZero();
        assertThat(sync.output()).contains("relais-transform-offer has {", "relais-sweep-ended has {");
        assertThat(tokens).isNotEmpty();
        assertThat(found(sync.output())).doesNotContain(SECRET, PASSWORD).doesNotContainAnyElementsOf(tokens);
    }

    @Test
    void refused_secrets_are_not_revealed() throws Exception {
        packed.with("LOGGING_LEVEL_ROOT", "TRACE");
        refusal = "account";
        Packed.Ended bySource = packed.runAlone("sync");
        Packed.Ended byDatabase =
                packed.with("SPRING_DATASOURCE_USERNAME", "root").runAlone("sync");

        assertThat(bySource.exitCode()).isEqualTo(1);
        assertThat(bySource.output()).contains("invalid_client");
        assertThat(found(bySource.output())).isEmpty();
        assertThat(byDatabase.exitCode()).isEqualTo(1);
        assertThat(byDatabase.output()).contains("Access denied for user 'root'", "spring.datasource.password");
        assertThat(found(byDatabase.output())).isEmpty();
    }

    @Test
    void a_secret_on_the_command_line_is_refused_before_anything_is_started() throws Exception {
        String secret = "relais.source.client-secret";
        String password = "spring.datasource.password";
        assertRefused(packed.runAlone("sync", "--" + secret + "=" + SECRET), secret);
        assertRefused(packed.runAlone("--" + password + "=" + PASSWORD, "sync"), password);
        assertRefused(packed.runAlone("sync", "--" + secret, SECRET), secret);
        assertRefused(packed.runAlone("sync", "-D" + password + "=" + PASSWORD), password);
        assertRefused(
                packed.runAlone("--spring.datasource.url=jdbc:mariadb://db/x?password=" + PASSWORD), "datasource.url");
        assertRefused(packed.withJavaOptions("-D" + secret + "=" + SECRET).runAlone(), secret);

        assertThat(source.tokens()).isZero();
        assertThat(jdbc.sql("show tables").query(String.class).list()).isEmpty();
    }

    private void assertRefused(Packed.Ended ended, String name) {
        assertThat(ended.exitCode()).as(ended.output()).isEqualTo(64);
        assertThat(ended.output()).contains(name, "environment variable");
        assertThat(found(ended.output())).isEmpty();
    }

    @Test
    void no_bean_and_no_placeholder_reveals_a_secret() throws Exception {
        try (Mirror mirror =
                Mirror.of(source).with("relais.source.client-secret", SECRET).start()) {
            mirror.sweep();
            Set<Object> beans = mirror.camel().getRegistry().findByType(Object.class);

            assertThat(beans).hasSizeGreaterThan(10).hasAtLeastOneElementOfType(Token.class);
            assertThat(beans).allSatisfy(bean -> assertThat(found(bean.toString()))
                    .as(bean.getClass().getName())
                    .isEmpty());
            assertThat(found(mirror.camel()
                            .getPropertiesComponent()
                            .loadProperties()
                            .toString()))
                    .isEmpty();
            assertThat(tokens).isNotEmpty();
            assertThat(tokens).allSatisfy(token -> assertThat(found(new TokenAnswer(token, 1L, null).toString()))
                    .isEmpty());
        }
    }

    @Test
    void log_levels_at_which_libraries_log_secrets_are_refused() throws Exception {
        Packed.Ended sync = packed.with("LOGGING_LEVEL_ORG_APACHE_HC_CLIENT5_HTTP", "DEBUG")
                .with("LOGGING_LEVEL_ORG_MARIADB_JDBC_CLIENT", "TRACE")
                .runAlone("sync");

        assertThat(sync.exitCode()).isEqualTo(1);
        assertThat(sync.output())
                .contains("org.apache.hc.client5.http=info", "org.mariadb.jdbc.client.socket.Reader=info");
        assertThat(found(sync.output())).isEmpty();
    }

    /** Tests the search itself: otherwise a search that finds nothing would prove nothing. */
    @Test
    void the_search_finds_secrets_in_a_log_that_reveals_them() throws Exception {
        try (CapturedLog log = CapturedLog.ofApplication(Level.WARN);
                Mirror mirror = Mirror.of(source)
                        .with("relais.source.client-secret", SECRET)
                        .start()) {
            log.setLevel("org.apache.camel.component.bean", Level.TRACE);
            log.setLevel("org.mariadb.jdbc.client", Level.TRACE);
            mirror.sweep();

            assertThat(found(String.join("\n", log.all())))
                    .contains(SECRET, TITLE, DESCRIPTION)
                    .containsAll(tokens);
        }
        assertThat(found("password=" + URLEncoder.encode(PASSWORD, UTF_8))).containsExactly(PASSWORD);
        assertThat(found("Basic " + base64(USER + ":" + PASSWORD))).containsExactly(PASSWORD);
        assertThat(found(base64(SECRET))).containsExactly(SECRET);
        assertThat(found("| 63 61 | -canary-title-z |\n| 71 39 | q9w             |"))
                .containsExactly(TITLE);
    }

    /** Returns the canaries that the text contains, in any encoding. */
    private Set<String> found(String text) {
        // A packet dump shows 16 bytes on each line.
        String dumped = Pattern.compile("\\| (.{1,16}) \\|$", Pattern.MULTILINE)
                .matcher(text)
                .results()
                .map(line -> line.group(1))
                .collect(Collectors.joining());
        return Stream.concat(Stream.of(SECRET, PASSWORD, KEY, TITLE, DESCRIPTION), tokens.stream())
                .filter(canary -> forms(canary).anyMatch(form -> text.contains(form) || dumped.contains(form)))
                .collect(Collectors.toSet());
    }

    private static Stream<String> forms(String canary) {
        String form = URLEncoder.encode(canary, UTF_8);
        return Stream.of(
                canary,
                form,
                form.replace("+", "%20"),
                base64(canary),
                base64(USER + ":" + canary),
                base64(SimulatorOptions.defaults().clientId() + ":" + canary));
    }

    private static String base64(String text) {
        return Base64.getEncoder().withoutPadding().encodeToString(text.getBytes(UTF_8));
    }

    private void awaitSweep(String condition) {
        await().atMost(Duration.ofMinutes(1))
                .ignoreExceptions()
                .until(() -> jdbc.sql("select count(*) from sweep where " + condition)
                                .query(Long.class)
                                .single()
                        > 0);
    }
}
