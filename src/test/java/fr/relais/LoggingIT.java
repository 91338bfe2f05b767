package fr.relais;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.AppenderBase;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import com.zaxxer.hikari.HikariDataSource;
import fr.relais.LogCheck.Library;
import fr.relais.simulator.Answer;
import fr.relais.simulator.Call;
import fr.relais.simulator.Fault;
import fr.relais.simulator.SettableClock;
import fr.relais.simulator.SimulatorOptions;
import fr.relais.simulator.SourceSimulator;
import fr.relais.sweep.SweepState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.logging.LogManager;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

/**
 * The log of a host whose root logger has level TRACE. Sweeps create, update and remove offers, a report is mailed, and
 * the source, the database and a hook fail. All secrets and the content and ids of the offers are canaries.
 */
@Tag("long")
class LoggingIT {

    private static final String SECRET = "canary-secret-zq9w";
    private static final String DATABASE_PASSWORD = "canary-database-zq9w";
    private static final String MAIL_PASSWORD = "canary-mail-zq9w";
    private static final String ALERT = "canary-alert-zq9w";
    private static final String TITLE = "canary-title-zq9w";
    private static final String DESCRIPTION = "canary-description-zq9w";

    /** The start of the id of every offer. */
    private static final String ID = "Z3141";

    /** A line of a packet dump of the driver: 16 bytes, in hexadecimal and as text. */
    private static final Pattern DUMPED = Pattern.compile("\\| (.{1,16}) \\|$", Pattern.MULTILINE);

    private final LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    private final Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final Appender<ILoggingEvent> console = root.getAppender("STDOUT");
    private final Map<Logger, Level> levels = new HashMap<>();

    /** The canaries, each with its forms. */
    private final Map<String, List<String>> canaries = new ConcurrentHashMap<>();

    /** What the log revealed: the logger and the canary. */
    private final Set<String> found = new ConcurrentSkipListSet<>();

    /** The routes of which the trace has lines. */
    private final Set<String> traced = new ConcurrentSkipListSet<>();

    private final Appender<ILoggingEvent> search = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
            if (event.getLoggerName().equals("fr.relais.trace")) {
                // The id of a part is followed by that of the whole.
                traced.add(event.getFormattedMessage()
                        .replaceFirst("^\\S+ (of \\S+ )?", "")
                        .split("[ :]")[0]);
            }
            String text = event.getFormattedMessage()
                    + (event.getThrowableProxy() == null ? "" : ThrowableProxyUtil.asString(event.getThrowableProxy()));
            String dumped = text.contains("|000000|")
                    ? DUMPED.matcher(text).results().map(line -> line.group(1)).collect(Collectors.joining())
                    : "";
            canaries.forEach((canary, forms) -> {
                if (forms.stream().anyMatch(form -> text.contains(form) || dumped.contains(form))) {
                    found.add(event.getLoggerName() + " " + canary);
                }
            });
        }
    };

    private final SettableClock clock = new SettableClock(Instant.parse("2026-11-10T12:00:00Z"));
    private final GreenMail mail = new GreenMail(new ServerSetup(0, "127.0.0.1", "smtp"));
    private SourceSimulator source;

    @TempDir
    private Path folder;

    @BeforeEach
    void start() throws Exception {
        mail.setUser("relais@example.org", "relais", MAIL_PASSWORD);
        mail.start();
        source = SourceSimulator.start(
                SimulatorOptions.defaults().withClientSecret(SECRET).withClock(clock));
        for (int i = 0; i < 6; i++) {
            put(i, DESCRIPTION);
        }
        source.onCall((exchange, call) -> {
            if (call.kind() != Call.Kind.TOKEN) {
                plant(exchange.getRequestHeaders().getFirst("Authorization").substring("Bearer ".length()));
            }
            return false;
        });
        EmbeddedDatabase.shared().account("canary", DATABASE_PASSWORD);
        Files.writeString(folder.resolve("hook.camel.yaml"), """
                - route:
                    id: relais-transform-offer
                    description: Elle échoue pour certaines offres.
                    from:
                      uri: direct:relais-transform-offer
                      steps:
                        - filter:
                            expression:
                              simple:
                                expression: ${body.content} contains 'fails'
                            steps:
                              - throwException:
                                  exceptionType: java.lang.IllegalStateException
                                  message: ${body.content}
                """);
        Stream.of(SECRET, DATABASE_PASSWORD, MAIL_PASSWORD, ALERT, TITLE, DESCRIPTION, ID)
                .forEach(this::plant);
        root.detachAppender(console);
        search.setContext(context);
        search.start();
        root.addAppender(search);
        level(root, Level.TRACE);
        // As in a Spring Boot application.
        LogManager.getLogManager().getLogger("").setLevel(java.util.logging.Level.ALL);
        SLF4JBridgeHandler.install();
        Stream.of("com.icegreen", "com.sun.net.httpserver", "sun.net.httpserver")
                .forEach(simulator -> level(context.getLogger(simulator), Level.OFF));
    }

    @AfterEach
    void stop() {
        SLF4JBridgeHandler.uninstall();
        LogManager.getLogManager().getLogger("").setLevel(java.util.logging.Level.INFO);
        levels.forEach(Logger::setLevel);
        root.detachAppender(search);
        root.addAppender(console);
        source.close();
        mail.stop();
    }

    @Test
    void nothing_is_revealed_at_the_lowest_levels_that_are_accepted() throws Exception {
        avoidRefusedLevels();

        run(() -> {});

        assertThat(found).isEmpty();
        assertThat(traced)
                .contains("relais-sweep", "relais-send-report", "relais-send-alert", "relais-transform-offer");
    }

    /** Tests the search itself, and that every library of the list needs to be in it. */
    @Test
    void every_library_of_the_list_reveals_something_when_its_level_is_changed_later() throws Exception {
        avoidRefusedLevels();

        run(() -> LogCheck.LIBRARIES.forEach(
                library -> context.getLogger(library.name()).setLevel(Level.TRACE)));

        assertThat(canaries).hasSizeGreaterThan(7);
        assertThat(found.stream().map(line -> line.substring(line.indexOf(' ') + 1)))
                .containsAll(canaries.keySet().stream()
                        .filter(canary -> !canary.equals(DATABASE_PASSWORD))
                        .toList());
        for (Library library : LogCheck.LIBRARIES) {
            assertThat(found).as(library.name()).anyMatch(line -> line.startsWith(library.name() + "."));
        }
    }

    /** The addresses of offers are still logged, and so are the alerts, which use other connections. */
    @Test
    void the_http_client_never_logs_a_token_or_content() throws Exception {
        avoidRefusedLevels();

        run(() -> context.getLogger("org.apache.hc.client5.http").setLevel(Level.TRACE));

        assertThat(found).isNotEmpty().allMatch(line -> line.endsWith(ID) || line.endsWith(ALERT));
    }

    /** Gives each library the lowest level that is not refused. */
    private void avoidRefusedLevels() {
        for (Library library : LogCheck.LIBRARIES) {
            Logger logger = context.getLogger(library.name());
            levels.putIfAbsent(logger, logger.getLevel());
            Stream.of(Level.TRACE, Level.DEBUG, Level.INFO, Level.WARN, Level.ERROR, Level.OFF)
                    .peek(logger::setLevel)
                    .filter(level -> !library.logsData().test(logger))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private void run(Runnable whenAdded) throws Exception {
        try (Mirror mirror = Mirror.of(source);
                HikariDataSource database = new HikariDataSource();
                DefaultCamelContext camel = new DefaultCamelContext()) {
            database.setJdbcUrl(mirror.dataSource.getJdbcUrl());
            database.setUsername("canary");
            database.setPassword(DATABASE_PASSWORD);
            database.setMaximumPoolSize(13);
            mirror.with("relais.source.client-secret", SECRET)
                    .with("relais.source.retry-delay", "1")
                    .with("relais.routes", folder.toString())
                    .with("relais.alert.uri", source.baseUrl() + "/" + ALERT)
                    .with("relais.trace", "true")
                    .with("relais.events.uri", "mock:events")
                    .with("relais.events.initial", "true")
                    .with("relais.report.from", "relais@example.org")
                    .with(
                            "relais.report.uri",
                            "smtp://127.0.0.1:" + mail.getSmtp().getPort() + "?username=relais&password=RAW("
                                    + MAIL_PASSWORD + ")");
            Relais relais = Relais.addTo(camel, database, database, mirror.settings(), clock);
            whenAdded.run();
            camel.start();

            assertThat(relais.sweep().created()).isEqualTo(6);
            report(camel.createProducerTemplate(), relais);
            put(1, DESCRIPTION + " updated");
            source.base().remove(id(2));
            source.base().remove(id(3));
            assertThat(relais.sweep().removed()).isEqualTo(2);
            assertThat(mail.getReceivedMessages()).hasSize(1);

            MockEndpoint events = camel.getEndpoint("mock:events", MockEndpoint.class);
            camel.createProducerTemplate().sendBody("direct:relais-deliver-events", null);
            // The timer may have begun to deliver the events already.
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(events.getReceivedCounter()).isEqualTo(9));

            put(4, DESCRIPTION + " fails");
            assertThat(relais.sweep().reason()).contains("relais-transform-offer failed");
            put(4, DESCRIPTION);
            // The database's message for a refused row quotes the offer.
            mirror.jdbc.sql("""
                    create trigger refuse before update on offer for each row
                    signal sqlstate '45000' set message_text = new.intitule""").update();
            put(5, DESCRIPTION + " refused");
            assertThat(relais.sweep().reason()).contains("45000");
            mirror.jdbc.sql("drop trigger refuse").update();
            for (int status : List.of(500, 401, 403)) {
                source.onCall((exchange, call) -> {
                    if (call.kind() == Call.Kind.SEARCH) {
                        Answer.empty(status).sendTo(exchange);
                        return true;
                    }
                    return false;
                });
                assertThat(relais.sweep().state()).isEqualTo(SweepState.INCOMPLETE);
            }
            source.onCall(Fault.NONE);
        }
    }

    private void report(ProducerTemplate producer, Relais relais) {
        producer.sendBody(
                "direct:relais-take-views", "{\"offerId\":\"" + id(2) + "\",\"at\":\"" + clock.instant() + "\"}");
        clock.set(Instant.parse("2026-12-01T12:00:00Z"));
        producer.sendBody("direct:relais-report", null);
        // The mirror is stale by now, so there is an alert.
        producer.sendBody("direct:relais-watch", null);
        producer.sendBody("direct:relais-publish-changelog", null);
    }

    private void put(int number, String description) {
        String json = """
                {"id":"%s","intitule":"%s","description":"%s"}""".formatted(id(number), TITLE, description);
        source.base()
                .putRaw(
                        id(number),
                        Instant.parse("2026-11-10T11:00:00Z").minus(Duration.ofMinutes(number)),
                        "1",
                        json.getBytes(UTF_8));
    }

    private static String id(int number) {
        return ID + number % 10 + (char) ('A' + number / 10);
    }

    private void level(Logger logger, Level level) {
        levels.putIfAbsent(logger, logger.getLevel());
        logger.setLevel(level);
    }

    /** Makes the search look for a text, as it is and as part of a longer text in Base64. */
    private void plant(String text) {
        Stream<String> encoded = IntStream.range(0, 3).mapToObj(before -> Base64.getEncoder()
                .encodeToString((" ".repeat(before) + text).getBytes(UTF_8))
                .substring((before * 8 + 5) / 6, (before + text.length()) * 8 / 6));
        canaries.put(text, Stream.concat(Stream.of(text), encoded).toList());
    }
}
