package fr.relais;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import fr.relais.simulator.Answer;
import fr.relais.simulator.Call;
import fr.relais.simulator.OfferGenerator;
import fr.relais.simulator.SimulatorOptions;
import fr.relais.simulator.SourceSimulator;
import fr.relais.sweep.SweepState;
import fr.relais.sweep.SweepSummary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.builder.AdviceWith;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;
import org.springframework.dao.CannotAcquireLockException;
import org.springframework.jdbc.UncategorizedSQLException;

/** Integration tests of {@code 00-errors.camel.yaml}. */
@Tag("long")
class ErrorsIT {

    private SourceSimulator source;
    private Mirror mirror;

    @BeforeEach
    void start() throws Exception {
        source = SourceSimulator.start(SimulatorOptions.defaults());
        new OfferGenerator(1).fill(source.base(), 1_000, Instant.now(), Duration.ofDays(60), "1");
        mirror = Mirror.of(source).start();
    }

    @AfterEach
    void stop() {
        mirror.close();
        source.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"500", "502", "503", "429", "401", "html", "cut", "empty", "drop"})
    void a_transient_failure_only_causes_a_retry(String failure) {
        AtomicInteger calls = new AtomicInteger();
        source.onCall((exchange, call) -> {
            // A call renews the token only once, so a 401 occurs once; every other failure recurs.
            int every = failure.equals("401") ? Integer.MAX_VALUE : 4;
            if (call.kind() != Call.Kind.SEARCH || calls.incrementAndGet() % every != 2) {
                return false;
            }
            switch (failure) {
                case "html" ->
                    Answer.of(200, "text/html", "<html>maintenance</html>").sendTo(exchange);
                case "cut" ->
                    Answer.of(206, "application/json", "{\"resultats\":[{\"id\":\"A1\",")
                            .with("Content-Range", "offres 0-149/1000")
                            .sendTo(exchange);
                case "empty" -> Answer.empty(200).sendTo(exchange);
                case "drop" -> throw new IOException("dropped");
                default -> Answer.empty(Integer.parseInt(failure)).sendTo(exchange);
            }
            return true;
        });

        SweepSummary summary = mirror.sweep();

        assertThat(summary.state()).as(summary.toString()).isEqualTo(SweepState.PROVED);
        assertThat(mirror.offers()).isEqualTo(Mirror.offers(source, "1"));
    }

    @Test
    void a_deadlock_rolls_back_the_whole_page_and_the_slice_is_read_again() throws Exception {
        AtomicInteger pages = new AtomicInteger();
        AdviceWith.adviceWith(mirror.camel(), "relais-write-page", route -> route.weaveById("relais-to-sightings")
                .before()
                .process(exchange -> {
                    if (List.of(1, 4).contains(pages.incrementAndGet())) {
                        throw new CannotAcquireLockException("deadlock");
                    }
                }));

        SweepSummary summary = mirror.sweep();

        assertThat(summary.state()).as(summary.toString()).isEqualTo(SweepState.PROVED);
        assertThat(mirror.offers()).isEqualTo(Mirror.offers(source, "1"));
    }

    @Test
    void a_deadlock_in_one_removal_does_not_end_the_sweep() throws Exception {
        mirror.sweep();
        List<String> ids = source.base().ids().stream().limit(20).toList();
        byte[] kept = source.base().content(ids.get(0));
        source.onCall((exchange, call) -> {
            if (call.id().equals(ids.get(0))) {
                Answer.of(200, "application/json", new String(kept, UTF_8)).sendTo(exchange);
                return true;
            }
            return false;
        });
        ids.forEach(source.base()::remove);
        AtomicInteger writes = new AtomicInteger();
        AdviceWith.adviceWith(mirror.camel(), "relais-reconcile-candidate", route -> route.weaveByToUri(
                        "direct:relais-record-outcome")
                .before()
                .process(exchange -> {
                    if (writes.incrementAndGet() == 1) {
                        throw new CannotAcquireLockException("deadlock");
                    }
                }));
        AtomicInteger deletions = new AtomicInteger();
        AdviceWith.adviceWith(
                mirror.camel(),
                "relais-delete-offer",
                route -> route.weaveById("relais-to-record-removal").before().process(exchange -> {
                    if (List.of(1, 5).contains(deletions.incrementAndGet())) {
                        // A lock wait timeout, which Spring does not translate into a transient exception.
                        throw new UncategorizedSQLException("delete", "", new SQLException("", "HY000", 1205));
                    }
                }));

        SweepSummary summary = mirror.sweep();

        assertThat(summary.state()).as(summary.toString()).isEqualTo(SweepState.PROVED);
        assertThat(summary.removed()).isEqualTo(19);
        assertThat(summary.undecided()).isEqualTo(1);
        assertThat(deletions).hasValue(21);

        assertThat(mirror.sweep().undecided()).isZero();
        assertThat(mirror.offers()).hasSize(981);
    }

    @Test
    void a_failed_worker_leaves_no_slice_that_another_worker_waits_for() throws Exception {
        AdviceWith.adviceWith(mirror.camel(), "relais-read-slice", route -> route.weaveAddFirst()
                .throwException(new IllegalStateException("broken")));

        SweepSummary summary = mirror.sweep();

        assertThat(summary.state()).isEqualTo(SweepState.INCOMPLETE);
        assertThat(summary.reason()).contains("IllegalStateException");
    }

    @Test
    void a_value_refused_by_the_database_appears_in_no_log_and_no_message() {
        mirror.jdbc
                .sql("alter table offer modify intitule varchar(500) character set ascii")
                .update();
        Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        root.addAppender(log);
        SweepSummary summary = mirror.sweep();
        root.detachAppender(log);

        assertThat(summary.state()).isEqualTo(SweepState.INCOMPLETE);
        assertThat(summary.reason()).isEqualTo("the database reports error 1366, state 22007");
        assertThat(log.list).extracting(ILoggingEvent::getFormattedMessage).isEmpty();
    }

    @Test
    void a_table_keeps_a_row_that_failed_in_a_route_that_chooses_no_error_handling(@TempDir Path folder)
            throws Exception {
        mirror.jdbc
                .sql("create table mailbox (id int primary key, failed_at timestamp null)")
                .update();
        mirror.jdbc.sql("insert into mailbox values (1, null)").update();
        Files.writeString(folder.resolve("90-mailbox.camel.yaml"), """
                - route:
                    id: mailbox
                    description: Deliver the rows of a table
                    from:
                      uri: sql
                      parameters:
                        query: select id from mailbox
                        dataSource: "#relaisDataSource"
                        onConsume: delete from mailbox where id = :#id
                        onConsumeFailed: update mailbox set failed_at = now() where id = :#id
                        initialDelay: 0
                        delay: 10
                      steps:
                        - throwException:
                            exceptionType: java.lang.IllegalStateException
                            message: broken
                """);
        try (CapturedLog log = CapturedLog.ofApplication(Level.TRACE)) {
            mirror.with("relais.routes", folder.toString()).start();
            await().until(() -> mirror.jdbc
                    .sql("select count(*) from mailbox where failed_at is not null")
                    .query(Integer.class)
                    .single()
                    .equals(1));
            mirror.stop();

            assertThat(log.warnings())
                    .isNotEmpty()
                    .allMatch(line ->
                            line.equals("ERROR fr.relais mailbox failed: unexpected java.lang.IllegalStateException"));
            assertThat(log.all()).noneMatch(line -> line.contains("broken"));
        }
    }

    @Test
    void a_permanent_failure_ends_the_sweep_as_incomplete_and_gives_the_reason() {
        source.onCall((exchange, call) -> {
            if (call.kind() == Call.Kind.SEARCH) {
                Answer.empty(403).sendTo(exchange);
                return true;
            }
            return false;
        });

        SweepSummary summary = mirror.sweep();

        assertThat(summary.state()).isEqualTo(SweepState.INCOMPLETE);
        assertThat(summary.reason()).contains("403").contains("relais.source.client-id");
        assertThat(source.searches()).isEqualTo(1);
    }
}
