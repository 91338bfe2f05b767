package fr.relais;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import fr.relais.simulator.Call;
import fr.relais.simulator.Fault;
import fr.relais.simulator.OfferGenerator;
import fr.relais.simulator.SimulatorOptions;
import fr.relais.simulator.SourceSimulator;
import fr.relais.sweep.SweepState;
import fr.relais.sweep.SweepSummary;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** Faults of a real database: a page is committed completely or not at all, and the next sweep completes the mirror. */
@Tag("long")
class DatabaseFaultIT {

    private SourceSimulator source;

    @BeforeEach
    void start() throws Exception {
        source = SourceSimulator.start(SimulatorOptions.defaults());
        new OfferGenerator(1).fill(source.base(), 600, Instant.now(), Duration.ofDays(60), "1");
    }

    @AfterEach
    void stop() {
        source.close();
    }

    @ParameterizedTest
    @CsvSource({
        "auto-commit, autocommit=false",
        "STRICT_TRANS_TABLES, sessionVariables=sql_mode=''&jdbcCompliantTruncation=false"
    })
    void connections_that_would_silently_lose_data_are_refused(String message, String options) throws Exception {
        try (Mirror mirror = Mirror.of(source);
                CamelContext camel = new DefaultCamelContext()) {
            DataSource dataSource =
                    new DriverManagerDataSource(mirror.dataSource.getJdbcUrl() + "?" + options, "root", "");

            assertThatThrownBy(() -> Relais.addTo(camel, dataSource, mirror.settings()))
                    .hasMessageContaining(message);
            assertThat(mirror.jdbc.sql("show tables").query(String.class).list())
                    .isEmpty();
        }
    }

    @RepeatedTest(3)
    void lost_connections_lose_no_offer() throws Exception {
        try (Mirror mirror = smallPages(Mirror.of(source)).start()) {
            JdbcClient killer =
                    JdbcClient.create(new DriverManagerDataSource(mirror.dataSource.getJdbcUrl(), "root", ""));
            source.onCall((exchange, call) -> {
                if (call.kind() == Call.Kind.SEARCH && call.number() % 5 == 0) {
                    killAll(killer);
                }
                return false;
            });
            Throwable failure = catchThrowable(mirror::sweep);
            assertThat(String.valueOf(failure)).doesNotContain("intitule");
            source.onCall(Fault.NONE);

            assertNextSweepCompletes(mirror);
        }
    }

    /** The database is back before the sweep notices that an answer is missing. */
    @Test
    void a_database_that_never_answers_a_statement_ends_the_sweep_and_the_lease_is_free() throws Exception {
        try (SilentProxy database = SilentProxy.of(EmbeddedDatabase.shared().newSchema());
                Mirror mirror = smallPages(Mirror.of(source, database.url() + "?socketTimeout=5000", "root"))
                        .start()) {
            database.fallSilentIn("insert into sighting");
            CompletableFuture<SweepSummary> sweep = CompletableFuture.supplyAsync(mirror::sweep);
            await().until(database::isSilent);
            database.speakToNewConnections();

            SweepSummary summary = sweep.get(60, TimeUnit.SECONDS);
            assertThat(summary.state()).as(summary.toString()).isEqualTo(SweepState.INCOMPLETE);
            assertNextSweepCompletes(mirror);
        }
    }

    @Test
    void a_deadlock_only_causes_a_retry() throws Exception {
        try (Mirror mirror = Mirror.of(source).start()) {
            mirror.sweep();
            List<String> ids = List.copyOf(mirror.offers().keySet());
            ids.forEach(id -> source.base().change(id, new OfferGenerator(2)::change));
            long before = deadlocks(mirror.jdbc);
            CompletableFuture<SweepSummary> sweep;
            try (Connection rival = mirror.dataSource.getConnection();
                    Statement statement = rival.createStatement()) {
                statement.execute("create table heavy as select seq from seq_1_to_20000 limit 0");
                rival.setAutoCommit(false);
                // In a deadlock, the server rolls back the transaction that has written less: that of the page.
                statement.execute("insert into heavy select seq from seq_1_to_20000");
                statement.execute(
                        "update offer set rome_code = rome_code where id = '" + ids.get(ids.size() - 1) + "'");
                sweep = CompletableFuture.supplyAsync(mirror::sweep);
                await().until(() -> isWaiting(mirror.jdbc));
                // The waiting page has locked all its ids but the largest, so this statement causes the deadlock.
                statement.execute(
                        "update offer set rome_code = rome_code where id < '" + ids.get(ids.size() - 1) + "'");
                rival.commit();
            }

            SweepSummary summary = sweep.get(60, TimeUnit.SECONDS);
            assertThat(deadlocks(mirror.jdbc)).isGreaterThan(before);
            assertThat(summary.state()).as(summary.toString()).isEqualTo(SweepState.PROVED);
            assertThat(summary.updated()).isEqualTo(ids.size());
            assertThat(mirror.offers()).isEqualTo(Mirror.offers(source, "1"));
        }
    }

    @Test
    void a_full_disk_ends_the_sweep_and_a_later_sweep_with_free_space_is_proved(@TempDir Path data) throws Exception {
        String files = "--innodb-data-file-path=ibdata1:12M;ibdata2:8M";
        new OfferGenerator(7).fill(source.base(), 6_000, Instant.now(), Duration.ofDays(60), "1");
        try (EmbeddedDatabase database = EmbeddedDatabase.start(
                        data, EmbeddedDatabase.WITHOUT_SYNC, "--innodb-file-per-table=0", files);
                Mirror mirror =
                        Mirror.of(source, database.schema("small"), "root").start()) {
            SweepSummary full = mirror.sweep();
            assertThat(full.state()).isEqualTo(SweepState.INCOMPLETE);
            assertThat(full.reason()).contains("error 1114");
            assertThat(Mirror.offers(source, "1").entrySet())
                    .containsAll(mirror.offers().entrySet());
        }

        try (EmbeddedDatabase database = EmbeddedDatabase.start(
                        data, EmbeddedDatabase.WITHOUT_SYNC, "--innodb-file-per-table=0", files + ";ibdata3:64M");
                Mirror mirror =
                        Mirror.of(source, database.schema("small"), "root").start()) {
            assertThat(mirror.sweep().state()).isEqualTo(SweepState.PROVED);
            assertThat(mirror.offers()).isEqualTo(Mirror.offers(source, "1"));
        }
    }

    @Test
    void a_read_only_server_stops_the_sweep_and_the_same_sweep_is_resumed_later(@TempDir Path data) throws Exception {
        try (EmbeddedDatabase database = EmbeddedDatabase.start(data, EmbeddedDatabase.WITHOUT_SYNC)) {
            String url = database.schema("small");
            JdbcClient root = JdbcClient.create(new DriverManagerDataSource(url, "root", ""));
            // This turns on access control. The mirror gets another account, because one with all privileges could
            // write to a read-only server.
            database.account("anyone", "");
            root.sql("create user plain").update();
            root.sql("grant all on small.* to plain").update();
            try (Mirror mirror = smallPages(Mirror.of(source, url, "plain")).start()) {
                source.onCall((exchange, call) -> {
                    if (source.searches() > 10) {
                        root.sql("set global read_only = 1").update();
                    }
                    return false;
                });
                assertThatThrownBy(mirror::sweep)
                        .as("the sweep cannot even record how it ended")
                        .hasStackTraceContaining("read-only");
                source.onCall(Fault.NONE);
                root.sql("set global read_only = 0").update();

                assertNextSweepCompletes(mirror);
                assertThat(mirror.jdbc
                                .sql("select count(*) from sweep")
                                .query(Long.class)
                                .single())
                        .as("the same sweep was resumed")
                        .isEqualTo(1);
            }
        }
    }

    private static Mirror smallPages(Mirror mirror) {
        return mirror.with("relais.source.page-size", "20")
                .with("relais.source.window", "100")
                .with("relais.source.retry-delay", "5");
    }

    private void assertNextSweepCompletes(Mirror mirror) {
        // The pool does not test a connection that was used a moment ago, so dead connections are evicted here.
        mirror.dataSource.getHikariPoolMXBean().softEvictConnections();
        SweepSummary next = mirror.sweep();
        assertThat(next).as("the lease is free").isNotNull();
        assertThat(next.state()).as(next.toString()).isEqualTo(SweepState.PROVED);
        assertThat(mirror.offers()).isEqualTo(Mirror.offers(source, "1"));
    }

    private static void killAll(JdbcClient killer) {
        killer.sql("select id from information_schema.processlist where db = database() and id <> connection_id()")
                .query(Long.class)
                .list()
                .forEach(id -> {
                    try {
                        killer.sql("kill " + id).update();
                    } catch (RuntimeException e) {
                        // The connection has ended by itself.
                    }
                });
    }

    private static boolean isWaiting(JdbcClient jdbc) {
        return jdbc.sql("select exists (select 1 from information_schema.innodb_trx where trx_state = 'LOCK WAIT')")
                .query(Boolean.class)
                .single();
    }

    private static long deadlocks(JdbcClient jdbc) {
        return jdbc.sql("select variable_value from information_schema.global_status"
                        + " where variable_name = 'INNODB_DEADLOCKS'")
                .query(Long.class)
                .single();
    }
}
