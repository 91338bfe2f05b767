package fr.relais;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.FileAppender;
import fr.relais.offer.Offer;
import fr.relais.simulator.Fault;
import fr.relais.simulator.OfferGenerator;
import fr.relais.simulator.SimulatorOptions;
import fr.relais.simulator.SourceSimulator;
import fr.relais.sweep.SweepState;
import fr.relais.sweep.SweepSummary;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.server.JournalType;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.apache.camel.builder.AdviceWith;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/**
 * A search for remains of removed offers (licence, article 7) in every file of the database, in the log and in
 * temporary files. InnoDB does not document what it keeps of a deleted row and where; this test finds out.
 */
@Tag("long")
class ResidueIT {

    private static final Instant NOW = Instant.now();
    private static final Path ROOT =
            Path.of("target", "residue", UUID.randomUUID().toString());
    private static final Path DATA = ROOT.resolve("data");
    private static final Path BROKER = ROOT.resolve("broker");
    private static final int VICTIMS = 24;

    private static EmbeddedDatabase database;
    private static EmbeddedActiveMQ broker;

    /** A line of a packet dump in the driver's log (16 bytes, in hexadecimal and as text), or any other line. */
    private static final Pattern DUMPED = Pattern.compile("(?m)^\\|[0-9A-F]{6}\\|[^|]*\\| (.{16}) \\|$\\R?|^.*$\\R?");

    /** The start of every token of a test, which occurs nowhere else. */
    private final String word =
            "zq" + UUID.randomUUID().toString().replace("-", "").substring(0, 16);

    /** The start of the id of every removed offer. The ids of the generator start with a digit. */
    private final String idWord = "Z" + (10_000 + new Random().nextInt(90_000));

    private final Path log = ROOT.resolve(word + ".log");
    private final Map<Logger, Level> levels = new HashMap<>();
    private Appender<ILoggingEvent> console;
    private FileAppender<ILoggingEvent> appender;
    private SourceSimulator source;
    private Mirror mirror;

    @BeforeAll
    static void startDatabase() throws Exception {
        Files.createDirectories(ROOT);
        database = EmbeddedDatabase.start(DATA, EmbeddedDatabase.WITHOUT_SYNC);
        broker = new EmbeddedActiveMQ()
                .setConfiguration(new ConfigurationImpl()
                        .setSecurityEnabled(false)
                        .setJournalType(JournalType.NIO)
                        .setBindingsDirectory(BROKER.resolve("bindings").toString())
                        .setJournalDirectory(BROKER.resolve("journal").toString())
                        .setLargeMessagesDirectory(BROKER.resolve("large").toString())
                        .setPagingDirectory(BROKER.resolve("paging").toString())
                        .addAcceptorConfiguration("vm", "vm://0"));
        broker.start();
    }

    @AfterAll
    static void stopDatabase() throws Exception {
        broker.stop();
        database.close();
    }

    @BeforeEach
    void start() throws Exception {
        logEverything();
        source = SourceSimulator.start(SimulatorOptions.defaults());
        new OfferGenerator(1).fill(source.base(), 600, NOW.minusSeconds(60), Duration.ofDays(60), "1");
        mirror = Mirror.of(source, database.newSchema(), "root")
                .with("relais.events.uri", "jms:queue:offers")
                .with("relais.events.initial", "true")
                .withBean("broker", new ActiveMQConnectionFactory("vm://0"))
                .start();
        scrub(true);
    }

    @AfterEach
    void stop() {
        mirror.close();
        source.close();
        levels.forEach(Logger::setLevel);
        root().detachAppender(appender);
        root().addAppender(console);
        appender.stop();
    }

    @Test
    void nothing_of_a_removed_offer_is_left_in_any_file() throws Exception {
        mirrorAndChangeOffers();
        // Control: before the removal, the search finds the tokens.
        assertThat(residue()).containsKeys("offer.ibd content", "offer.ibd title", "offer.ibd id", "offer.ibd large");

        remove();
        assertThat(residue()).containsKey("ib_logfile0 content");
        mirror.deliverEvents();
        overwriteCopies();

        assertThat(residue()).isEmpty();
        Map<String, Integer> delivered = new TreeMap<>();
        search(BROKER, Instant.EPOCH, delivered);
        assertThat(delivered.keySet())
                .as("what events have of an offer")
                .isNotEmpty()
                .allMatch(found -> found.endsWith(" id"));
        assertThat(receive()).hasSize(600 + 4 * VICTIMS + VICTIMS);
    }

    @Test
    void without_scrubbing_a_removed_offer_stays_in_the_file_of_its_table() throws Exception {
        scrub(false);
        mirrorAndChangeOffers();
        remove();
        overwriteCopies();

        assertThat(residue()).containsKeys("offer.ibd content", "offer.ibd title", "offer.ibd id", "offer.ibd large");
    }

    @Test
    void nothing_of_a_record_that_was_set_aside_is_left_in_any_file() throws Exception {
        byte[] bad = ("{\"intitule\":\"" + word + "title\",\"description\":\"" + word + "content\"}").getBytes(UTF_8);
        source.base().putRaw("bad", NOW.minusSeconds(90), "1", bad);
        assertThat(mirror.sweep().setAside()).isEqualTo(1);
        writePages();

        // The record never reached the database, so there are no copies to overwrite.
        assertThat(residue()).isEmpty();
    }

    @Test
    void nothing_of_an_offer_is_in_the_log_when_a_hook_quotes_it_in_a_failure() throws Exception {
        AdviceWith.adviceWith(mirror.camel(), "relais-transform-offer", route -> route.weaveAddFirst()
                .process(exchange -> {
                    String content = exchange.getMessage().getBody(Offer.class).content();
                    throw new IllegalStateException(content, new SQLException(content));
                }));
        plant("content", 500, 6_000);

        assertThat(mirror.sweep().reason()).contains("relais-transform-offer failed: ");

        Map<String, Integer> found = new TreeMap<>();
        search(log, Instant.EPOCH, found);
        assertThat(found).isEmpty();
    }

    /** Returns the events that the broker has, and takes them. */
    private List<String> receive() throws JMSException {
        List<String> events = new ArrayList<>();
        try (ActiveMQConnectionFactory factory = new ActiveMQConnectionFactory("vm://0");
                JMSContext context = factory.createContext()) {
            JMSConsumer consumer = context.createConsumer(context.createQueue("offers"));
            for (Message event = consumer.receiveNoWait(); event != null; event = consumer.receiveNoWait()) {
                events.add(event.getBody(String.class));
            }
        }
        return events;
    }

    /**
     * Mirrors the offers and changes them, so that their rows move in every way: within a page of the database, to
     * overflow pages and back, and by page splits.
     */
    private void mirrorAndChangeOffers() throws Exception {
        plant("content", 500, 6_000, 20_000);
        assertThat(mirror.sweep().created()).isEqualTo(600 + VICTIMS);
        writePages();
        plant("content", 3_300, 20_000, 900);
        assertThat(mirror.sweep().updated()).isEqualTo(VICTIMS);
        writePages();
        plant("changed", 7_700, 600, 40_000);
        assertThat(mirror.sweep().updated()).isEqualTo(VICTIMS);
        plant("content", 2_000, 20_000, 6_000);
        assertThat(mirror.sweep().updated()).isEqualTo(VICTIMS);
        writePages();
    }

    /**
     * Removes the offers by a sweep whose connections are killed halfway, as if its process died, and by a second
     * sweep.
     */
    private void remove() {
        victims().forEach(source.base()::remove);
        source.resetCounters();
        source.onCall((exchange, call) -> {
            if (source.details() == VICTIMS / 2) {
                killConnections();
            }
            return false;
        });
        catchThrowable(mirror::sweep);
        source.onCall(Fault.NONE);
        // The pool does not test a connection that was used a moment ago, so dead connections are evicted here.
        mirror.dataSource.getHikariPoolMXBean().softEvictConnections();
        SweepSummary summary = mirror.sweep();
        assertThat(summary.state()).as(summary.toString()).isEqualTo(SweepState.PROVED);
        assertThat(mirror.offers()).hasSize(600);
    }

    private void killConnections() {
        JdbcClient killer = JdbcClient.create(new DriverManagerDataSource(mirror.dataSource.getJdbcUrl(), "root", ""));
        killer.sql("select id from information_schema.processlist where db = database() and id <> connection_id()")
                .query(Long.class)
                .list()
                .forEach(id -> killer.sql("kill " + id).update());
    }

    private List<String> victims() {
        return IntStream.range(0, VICTIMS).mapToObj(this::id).toList();
    }

    /** Returns an id of the only form that the source accepts; it answers 400 to any other. */
    private String id(int number) {
        return idWord + (char) ('A' + number);
    }

    /** Puts the offers into the source, with about these sizes in turn. */
    private void plant(String token, int... sizes) {
        OfferGenerator filler = new OfferGenerator(sizes[0]);
        for (int i = 0; i < VICTIMS; i++) {
            int size = sizes[i % sizes.length];
            StringBuilder text = new StringBuilder();
            while (text.length() < size / 2) {
                text.append(filler.offer(NOW, "1").get("description").asText().replaceAll("[^a-zA-Zéè ]", " "));
            }
            text.setLength(size / 2);
            String json = "{\"id\":\"" + id(i) + "\",\"intitule\":\"Soudeur " + word + "title\",\"description\":\""
                    + text + " " + word + (size > 8_000 ? "large " : token + " ") + text + "\"}";
            source.base().putRaw(id(i), NOW.minusSeconds(3_600 + 60L * i), "1", json.getBytes(UTF_8));
        }
    }

    private void scrub(boolean on) {
        mirror.jdbc
                .sql("set global innodb_immediate_scrub_data_uncompressed = " + (on ? "on" : "off"))
                .update();
    }

    /**
     * Overwrites the copies of deleted rows. The rows themselves are scrubbed when they are purged, but copies remain
     * in undo logs that are kept for reuse, in the doublewrite buffer and in the redo log until something else is
     * written there.
     */
    private void overwriteCopies() {
        mirror.jdbc
                .sql("create table if not exists overwriting"
                        + " (id int primary key, filler varbinary(8000) not null) engine = InnoDB")
                .update();
        mirror.jdbc
                .sql("insert ignore into overwriting select seq, repeat('.', 7500) from seq_1_to_512")
                .update();
        purge();
        // New pages bypass the doublewrite buffer; the pages that are updated below go through it.
        writePages();
        for (String filler : List.of("a", "b", "c")) {
            // The server uses its 128 rollback segments in turn, and does not keep an undo log longer than a page.
            for (int first = 1; first <= 512; first += 4) {
                mirror.jdbc
                        .sql("update overwriting set filler = repeat(:filler, 7500)"
                                + " where id between :first and :first + 3")
                        .param("filler", filler)
                        .param("first", first)
                        .update();
            }
            purge();
            writePages();
        }
        // A redo log of another size is a new file.
        mirror.jdbc
                .sql("set global innodb_log_file_size = @@global.innodb_log_file_size + 4096")
                .update();
    }

    private void purge() {
        mirror.jdbc.sql("set global innodb_max_purge_lag_wait = 0").update();
    }

    private void writePages() {
        mirror.jdbc.sql("set global innodb_max_dirty_pages_pct_lwm = 0").update();
        mirror.jdbc.sql("set global innodb_max_dirty_pages_pct = 0").update();
        await().until(() -> mirror.jdbc
                .sql("select variable_value from information_schema.global_status"
                        + " where variable_name = 'INNODB_BUFFER_POOL_PAGES_DIRTY'")
                .query(Integer.class)
                .single()
                .equals(0));
    }

    /**
     * Returns where the tokens occur, and how often: in the files of the database, in the log, and in temporary files
     * that were changed since the start of the tests.
     */
    private Map<String, Integer> residue() throws IOException {
        Map<String, Integer> found = new TreeMap<>();
        search(DATA, Instant.EPOCH, found);
        search(log, Instant.EPOCH, found);
        search(Path.of(System.getProperty("java.io.tmpdir")), NOW, found);
        return found;
    }

    private void search(Path root, Instant since, Map<String, Integer> found) throws IOException {
        Path project = Path.of("").toAbsolutePath();
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                return directory.equals(project) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                boolean changed = attributes.lastModifiedTime().compareTo(FileTime.from(since)) >= 0;
                if (attributes.isRegularFile() && changed && Files.isReadable(file)) {
                    searchFile(file, found);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException gone) {
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private void searchFile(Path file, Map<String, Integer> found) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        String name = file.getFileName().toString();
        if (file.startsWith(BROKER)) {
            // The broker stores texts as UTF-16.
            bytes = new String(bytes, ISO_8859_1).replace("\0", "").getBytes(ISO_8859_1);
        }
        count(bytes, word, name, found);
        count(bytes, idWord, name, found);
        if (file.equals(log)) {
            String text = new String(bytes, ISO_8859_1);
            byte[] dumped = DUMPED.matcher(text).replaceAll("$1").getBytes(ISO_8859_1);
            count(dumped, word, name + " dumped", found);
            count(dumped, idWord, name + " dumped", found);
            count(bytes, SimulatorOptions.defaults().clientSecret(), name + " secret", found);
            count(bytes, "Bearer ", name + " bearer", found);
        }
    }

    private static void count(byte[] bytes, String start, String name, Map<String, Integer> found) {
        byte[] wanted = start.getBytes(US_ASCII);
        for (int at = indexOf(bytes, wanted, 0); at >= 0; at = indexOf(bytes, wanted, at + 1)) {
            int end = at + wanted.length;
            while (end < bytes.length && bytes[end] >= 'a' && bytes[end] <= 'z') {
                end++;
            }
            String token = new String(bytes, at + wanted.length, end - at - wanted.length, US_ASCII);
            found.merge(name + " " + (token.isEmpty() ? "id" : token), 1, Integer::sum);
        }
    }

    private static int indexOf(byte[] bytes, byte[] wanted, int from) {
        for (int at = from; at <= bytes.length - wanted.length; at++) {
            int matching = 0;
            while (matching < wanted.length && bytes[at + matching] == wanted[matching]) {
                matching++;
            }
            if (matching == wanted.length) {
                return at;
            }
        }
        return -1;
    }

    private void logEverything() throws IOException {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern("%level %logger{200} %msg%n%ex");
        encoder.start();
        appender = new FileAppender<>();
        appender.setContext(context);
        appender.setFile(log.toString());
        appender.setEncoder(encoder);
        appender.start();
        console = root().getAppender("STDOUT");
        root().detachAppender(console);
        root().addAppender(appender);
        level(root(), Level.TRACE);
        Map<String, String> pinned = CapturedLog.pinnedLevels();
        // Relais itself must reveal nothing at any level.
        pinned.remove("fr.relais");
        pinned.forEach((name, level) -> level(context.getLogger(name), Level.toLevel(level)));
        // The component and the broker of the events are not part of Relais.
        for (String name : List.of("org.springframework.jms", "org.apache.activemq", "io.netty")) {
            level(context.getLogger(name), Level.WARN);
        }
    }

    private void level(Logger logger, Level level) {
        levels.put(logger, logger.getLevel());
        logger.setLevel(level);
    }

    private static Logger root() {
        return (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
    }
}
