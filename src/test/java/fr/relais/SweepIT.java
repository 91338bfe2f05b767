package fr.relais;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import fr.relais.docs.Guide;
import fr.relais.simulator.Answer;
import fr.relais.simulator.Call;
import fr.relais.simulator.Fault;
import fr.relais.simulator.OfferGenerator;
import fr.relais.simulator.SettableClock;
import fr.relais.simulator.SimulatorOptions;
import fr.relais.simulator.SourceSimulator;
import fr.relais.sweep.SweepState;
import fr.relais.sweep.SweepSummary;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Integration tests of {@code 10-sweep.camel.yaml}. */
class SweepIT {

    private SourceSimulator source;
    private Mirror mirror;

    @BeforeEach
    void start() throws Exception {
        source = SourceSimulator.start(SimulatorOptions.defaults());
        new OfferGenerator(1).fill(source.base(), 400, Instant.now(), Duration.ofDays(60), "1");
        mirror = Mirror.of(source).start();
    }

    @AfterEach
    void stop() {
        mirror.close();
        source.close();
    }

    @Test
    void a_second_sweep_of_an_unchanged_source_writes_no_offer_row() {
        mirror.jdbc.sql("set global userstat = 1").update();
        mirror.sweep();
        long written = rowsWritten();
        assertThat(written).isGreaterThanOrEqualTo(400);

        SweepSummary second = mirror.sweep();

        assertThat(second.unchanged()).isEqualTo(400);
        assertThat(second.created() + second.updated() + second.removed()).isZero();
        assertThat(rowsWritten()).isEqualTo(written);
    }

    @Test
    void a_second_sweep_does_not_start_while_one_is_running() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        source.onCall((exchange, call) -> {
            asked.countDown();
            try {
                go.await(20, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return false;
        });
        CompletableFuture<SweepSummary> first = CompletableFuture.supplyAsync(mirror::sweep);
        assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();

        assertThat(mirror.sweep()).isNull();

        go.countDown();
        assertThat(first.get(30, TimeUnit.SECONDS).state()).isEqualTo(SweepState.PROVED);
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 500, 200})
    void a_sweep_that_is_interrupted_by_a_stop_is_resumed(int status) throws Exception {
        mirror.with("relais.source.page-size", "10")
                .with("relais.source.window", "30")
                .with("relais.source.retry-delay", "1000")
                .start();
        CountDownLatch asked = new CountDownLatch(12);
        source.onCall((exchange, call) -> {
            boolean isSearch = call.kind() == Call.Kind.SEARCH;
            if (isSearch) {
                asked.countDown();
            }
            if (isSearch && asked.getCount() == 0 && status != 200) {
                Answer.empty(status).with("Retry-After", "600").sendTo(exchange);
                return true;
            }
            return false;
        });
        CompletableFuture<SweepSummary> interrupted = CompletableFuture.supplyAsync(mirror::sweep);
        assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();

        long start = System.nanoTime();
        mirror.stop();
        Duration stop = Duration.ofNanos(System.nanoTime() - start);

        assertThat(stop).isLessThan(Duration.ofSeconds(5));
        assertThat(interrupted.get(1, TimeUnit.SECONDS).state()).isEqualTo(SweepState.READING);
        source.onCall(Fault.NONE);
        mirror.start();
        SweepSummary resumed = mirror.sweep();
        assertThat(resumed.id()).isEqualTo(1);
        assertThat(resumed.state()).as(resumed.toString()).isEqualTo(SweepState.PROVED);
        assertThat(resumed.created()).isEqualTo(400);
    }

    @Test
    void a_sweep_that_is_interrupted_while_it_removes_is_resumed_at_once() throws Exception {
        mirror.sweep();
        List.copyOf(source.base().ids()).stream().limit(100).forEach(source.base()::remove);
        CountDownLatch asked = new CountDownLatch(20);
        source.onCall((exchange, call) -> {
            if (call.kind() == Call.Kind.DETAIL) {
                asked.countDown();
            }
            if (asked.getCount() == 0) {
                Answer.empty(429).with("Retry-After", "600").sendTo(exchange);
            }
            return asked.getCount() == 0;
        });
        CompletableFuture<SweepSummary> interrupted = CompletableFuture.supplyAsync(mirror::sweep);
        assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();

        mirror.stop();

        assertThat(interrupted.get(5, TimeUnit.SECONDS).state()).isEqualTo(SweepState.REMOVING);
        assertThat(mirror.jdbc
                        .sql("select expires_at <= utc_timestamp(3) from lease where name = 'sweep'")
                        .query(Boolean.class)
                        .single())
                .as("the lease is released")
                .isTrue();
        source.onCall(Fault.NONE);
        mirror.start();
        SweepSummary resumed = mirror.sweep();
        assertThat(resumed.id()).isEqualTo(2);
        assertThat(resumed.removed()).isEqualTo(100);
    }

    @Test
    void the_summary_is_one_line_that_says_what_happened() {
        assertThat(mirror.sweep().toString())
                .matches("Sweep 1 proved: 400 created, 0 updated, 0 unchanged, 0 removed, 0 set aside,"
                        + " \\d+ calls, .* s");
    }

    @Test
    void a_sweep_of_an_empty_source_is_not_proved() {
        List.copyOf(source.base().ids()).forEach(source.base()::remove);

        SweepSummary summary = mirror.sweep();

        assertThat(summary.state()).isEqualTo(SweepState.INCOMPLETE);
        assertThat(summary.reason()).isEqualTo("the source says that it has no offer at all");
    }

    @Test
    void the_schedule_starts_a_sweep() throws Exception {
        mirror.with("relais.sweep.cron", "* * * * * ?").start();

        await().atMost(Duration.ofSeconds(20)).until(() -> mirror.offers().size() == 400);
    }

    @Test
    void a_sweep_starts_with_the_pipeline_when_on_start_is_true() throws Exception {
        mirror.with("relais.sweep.on-start", "true").start();

        await().atMost(Duration.ofSeconds(20)).until(() -> mirror.offers().size() == 400);
    }

    @Test
    void only_the_counts_of_a_sweep_remain_and_the_slices_of_the_last() {
        mirror.sweep();
        source.base().remove(source.base().ids().iterator().next());
        mirror.sweep();

        assertThat(count("sighting")).isZero();
        assertThat(count("removal")).isZero();
        assertThat(count("sweep")).isEqualTo(2);
        assertThat(mirror.jdbc
                        .sql("select distinct sweep_id from slice")
                        .query(Long.class)
                        .list())
                .containsExactly(2L);
    }

    @Test
    void sweeps_are_deleted_after_their_retention_but_not_the_last_proved_one() throws Exception {
        SettableClock clock = new SettableClock(Instant.now());
        mirror.with("relais.sweep.keep", "10d").start(clock);
        for (int sweep = 1; sweep <= 3; sweep++) {
            mirror.sweep();
            clock.advance(Duration.ofDays(6));
        }
        source.onCall((exchange, call) -> {
            Answer.empty(400).sendTo(exchange);
            return true;
        });
        clock.advance(Duration.ofDays(20));
        mirror.sweep();

        assertThat(mirror.jdbc
                        .sql("select id, state from sweep order by id")
                        .query((row, number) -> row.getInt(1) + " " + row.getString(2))
                        .list())
                .containsExactly("3 proved", "4 incomplete");
        assertThat(count("certificate")).isEqualTo(1);
    }

    @Test
    void an_account_with_the_privileges_in_the_guide_is_enough() throws Exception {
        EmbeddedDatabase database = EmbeddedDatabase.shared();
        String url = database.schema("relais");
        String[] statements = Guide.read(Path.of("src/docs/guide/operate.md"))
                .blocks("Prepare the database", "sql")
                .get(0)
                .code()
                .replace("'a password of yours'", "''")
                .split(";\\s*");
        database.accounts(Arrays.copyOfRange(statements, 1, statements.length));
        try (Mirror modest = Mirror.of(source, url, "relais").start()) {
            modest.sweep();
            source.base().remove(source.base().ids().iterator().next());

            assertThat(modest.sweep().removed()).isEqualTo(1);
            assertThatThrownBy(() -> modest.jdbc.sql("drop table offer").update())
                    .rootCause()
                    .hasMessageContaining("DROP command denied");
        }
    }

    /** Returns how many rows of the table {@code offer} the server has written, by its own count. */
    private long rowsWritten() {
        return mirror.jdbc
                .sql("select rows_changed from information_schema.table_statistics"
                        + " where table_schema = database() and table_name = 'offer'")
                .query(Long.class)
                .single();
    }

    private int count(String table) {
        return mirror.jdbc
                .sql("select count(*) from " + table)
                .query(Integer.class)
                .single();
    }
}
