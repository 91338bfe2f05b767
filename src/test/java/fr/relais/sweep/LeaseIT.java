package fr.relais.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import fr.relais.EmbeddedDatabase;
import fr.relais.Mirror;
import fr.relais.simulator.SimulatorOptions;
import fr.relais.simulator.SourceSimulator;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Tests of the lease with two objects that stand for two processes. A process that waits does not sleep: its clock is
 * advanced instead, and the expiry in the database is moved closer by the same time.
 */
@Timeout(60)
class LeaseIT {

    private static final Duration LIFETIME = Duration.ofSeconds(30);
    private static final AtomicInteger SCHEMAS = new AtomicInteger();

    private final AtomicInteger renewals = new AtomicInteger();
    private final AtomicInteger connections = new AtomicInteger();
    private IntConsumer onConnection = number -> {};
    private final DriverManagerDataSource dataSource =
            new DriverManagerDataSource(
                    EmbeddedDatabase.shared().schema("lease" + SCHEMAS.incrementAndGet()), "root", "") {
                @Override
                protected Connection getConnectionFromDriver(Properties properties) throws SQLException {
                    if (Thread.currentThread().getName().equals("relais-lease")) {
                        renewals.incrementAndGet();
                    }
                    onConnection.accept(connections.incrementAndGet());
                    return super.getConnectionFromDriver(properties);
                }
            };
    private final JdbcClient jdbc = JdbcClient.create(dataSource);
    private final TransactionTemplate transaction = new TransactionTemplate(new JdbcTransactionManager(dataSource));
    private Duration waited = Duration.ZERO;
    private Consumer<Duration> onWait = this::bringExpiryCloser;
    private final List<Long> grown = new CopyOnWriteArrayList<>();
    private final Lease one = lease(LIFETIME);
    private final Lease two = lease(LIFETIME);

    @BeforeEach
    void createTable() {
        jdbc.sql("create table lease (name varchar(32) primary key, holder varchar(200) not null,"
                        + " expires_at datetime(3) not null, fence bigint not null)")
                .update();
        jdbc.sql("insert into lease values ('sweep', '', '2000-01-01', 7)").update();
    }

    @AfterEach
    void close() {
        one.close();
        two.close();
    }

    @Test
    void each_acquisition_and_each_release_has_a_higher_fence() throws Exception {
        long first = one.take();
        one.release(first);
        expire();
        long second = two.take();

        assertThat(first).isEqualTo(8);
        assertThat(second).as("the release has used 9").isEqualTo(10);
        assertThat(fence()).isEqualTo(10);
        assertThat(grown).containsExactly(8L, 9L, 10L);
    }

    @Test
    void a_process_that_is_overtaken_at_once_gets_its_own_fence() throws Exception {
        // Another process takes the lease right after this one, before this one executes its next statement.
        connections.set(0);
        onConnection = number -> {
            if (number == 2) {
                jdbc.sql("update lease set fence = 20").update();
            }
        };

        assertThat(one.take()).isEqualTo(8);
        assertThat(fence()).isEqualTo(20);
    }

    @Test
    void a_process_that_holds_the_lease_cannot_take_it_again_and_does_not_wait() throws Exception {
        assertThat(one.take()).isNotNull();
        assertThat(one.take()).isNull();

        assertThat(waited).isZero();
    }

    @Test
    void a_live_holder_keeps_the_lease_while_another_process_waits() throws Exception {
        long fence = one.take();
        onWait = pause -> {
            bringExpiryCloser(pause);
            if (waited.toSeconds() % 10 == 0) {
                one.renew(fence);
            }
        };

        assertThat(two.take()).isNull();
        assertThat(waited)
                .isBetween(
                        LIFETIME.multipliedBy(5).dividedBy(4),
                        LIFETIME.multipliedBy(3).dividedBy(2));
        assertThat(fence()).isEqualTo(fence);
    }

    @Test
    void a_released_lease_can_be_taken_at_once() throws Exception {
        long former = one.take();
        onWait = pause -> one.release(former);

        assertThat(two.take()).isEqualTo(10);
        assertThat(waited).isLessThan(LIFETIME);
        one.release(former);
        assertThat(isExpired()).as("expired by its former holder").isFalse();
    }

    @Test
    void a_dead_holder_loses_the_lease_when_it_expires() throws Exception {
        one.take();
        one.close();

        assertThat(two.take()).isEqualTo(9);
        assertThat(waited).isBetween(LIFETIME.minusSeconds(10), LIFETIME.plusSeconds(1));
    }

    @Test
    void a_write_of_a_former_holder_is_refused() throws Exception {
        long former = one.take();
        one.close();
        expire();
        long present = two.take();

        assertThatThrownBy(() -> one.require(former)).isInstanceOf(Lease.Lost.class);
        assertThatCode(() -> two.require(present)).doesNotThrowAnyException();
    }

    @Test
    void the_lease_cannot_be_taken_while_a_transaction_relies_on_it() throws Exception {
        long former = one.take();
        one.close();
        expire();
        CompletableFuture<Long> taken = transaction.execute(status -> {
            one.require(former);
            CompletableFuture<Long> waiting = CompletableFuture.supplyAsync(() -> take(two));
            await().until(this::isTakerWaiting);
            assertThat(waiting).isNotDone();
            return waiting;
        });

        assertThat(taken.get(20, TimeUnit.SECONDS)).isEqualTo(9);
    }

    @Test
    void a_process_that_waits_too_long_for_such_a_transaction_gives_up_without_an_error() throws Exception {
        long former = one.take();
        one.close();
        expire();
        dataSource.setUrl(dataSource.getUrl() + "?sessionVariables=innodb_lock_wait_timeout=0");
        onWait = pause -> {};
        transaction.executeWithoutResult(status -> {
            one.require(former);
            assertThat(CompletableFuture.supplyAsync(() -> take(two)).join()).isNull();
        });

        assertThat(two.take()).as("once the transaction is over").isEqualTo(9);
    }

    @Test
    void a_release_that_cannot_reach_the_database_still_lets_the_lease_expire() throws Exception {
        long fence = one.take();
        jdbc.sql("rename table lease to gone").update();
        assertThatCode(() -> one.release(fence)).doesNotThrowAnyException();
        jdbc.sql("rename table gone to lease").update();

        assertThat(one.take()).as("fence after the lease has expired").isEqualTo(9);
        assertThat(waited).isGreaterThan(LIFETIME.minusSeconds(10));
    }

    @Test
    void a_late_release_does_not_end_the_next_lease_of_the_same_process() throws Exception {
        long former = one.take();
        one.release(former);
        expire();
        one.take();

        one.release(former);
        assertThat(isExpired()).isFalse();
    }

    /** Nobody reads the slices that the sweep sends to a queue. */
    @Test
    void a_sweep_without_progress_ends_as_incomplete_and_releases_the_lease() throws Exception {
        try (SourceSimulator source = SourceSimulator.start(SimulatorOptions.defaults());
                Mirror mirror = Mirror.of(source)
                        .with("relais.slices.uri", "seda:nobody")
                        .start()) {
            CompletableFuture<SweepSummary> sweep = CompletableFuture.supplyAsync(mirror::sweep);
            await().until(() -> mirror.jdbc
                    .sql("select exists (select 1 from slice where state = 'reading')")
                    .query(Boolean.class)
                    .single());
            Lease lease = mirror.bean(Lease.class);
            long fence = mirror.jdbc
                    .sql("select fence from lease where name = 'sweep'")
                    .query(Long.class)
                    .single();
            for (int renewal = 0; renewal <= SweepDeadline.RENEWALS; renewal++) {
                assertThat(sweep).isNotDone();
                lease.checkAndRenew(fence);
            }

            SweepSummary summary = sweep.get(30, TimeUnit.SECONDS);
            assertThat(summary.state()).isEqualTo(SweepState.INCOMPLETE);
            assertThat(summary.reason()).contains("for half an hour");
            assertThat(mirror.jdbc
                            .sql("select expires_at <= utc_timestamp(3) from lease where name = 'sweep'")
                            .query(Boolean.class)
                            .single())
                    .isTrue();
        }
    }

    @Test
    void a_lease_is_renewed_before_it_expires() throws Exception {
        Duration lifetime = Duration.ofSeconds(3);
        try (Lease brief = lease(lifetime)) {
            brief.take();

            await().atMost(lifetime).until(() -> renewals.get() > 0);
        }
    }

    @Test
    void renewals_continue_after_one_that_failed() throws Exception {
        try (Lease brief = lease(Duration.ofMillis(150))) {
            brief.take();
            jdbc.sql("rename table lease to gone").update();
            awaitRenewals(2);
            jdbc.sql("rename table gone to lease").update();
            String before = expiry();

            await().until(() -> !expiry().equals(before));
        }
    }

    @Test
    void a_lease_that_was_taken_is_not_renewed_by_its_former_holder() throws Exception {
        try (Lease brief = lease(Duration.ofMillis(150))) {
            brief.take();
            jdbc.sql("update lease set fence = 20, expires_at = '2001-01-01'").update();
            awaitRenewals(2);

            assertThat(expiry()).startsWith("2001");
        }
    }

    private Lease lease(Duration lifetime) {
        // Like System.nanoTime, the clock does not start at zero.
        return new Lease(
                jdbc,
                lifetime,
                () -> waited.plusDays(1).toNanos(),
                pause -> {
                    waited = waited.plus(pause);
                    onWait.accept(pause);
                },
                grown::add);
    }

    private long fence() {
        return jdbc.sql("select fence from lease where name = 'sweep'")
                .query(Long.class)
                .single();
    }

    private void bringExpiryCloser(Duration pause) {
        jdbc.sql("update lease set expires_at = timestampadd(microsecond, :micros, expires_at)")
                .param("micros", -pause.toNanos() / 1_000)
                .update();
    }

    private void expire() {
        bringExpiryCloser(LIFETIME.plusSeconds(1));
    }

    /** Waits until {@code more} renewals have begun. They run one after the other, so all but the last have ended. */
    private void awaitRenewals(int more) {
        int before = renewals.get();
        await().until(() -> renewals.get() >= before + more);
    }

    private boolean isExpired() {
        return jdbc.sql("select expires_at < utc_timestamp(3) from lease where name = 'sweep'")
                .query(Boolean.class)
                .single();
    }

    private String expiry() {
        return jdbc.sql("select expires_at from lease where name = 'sweep'")
                .query(String.class)
                .single();
    }

    /** Whether {@code take} waits for a lock. Uses a new connection, because the caller is in a transaction. */
    private boolean isTakerWaiting() {
        return JdbcClient.create(new DriverManagerDataSource(dataSource.getUrl(), "root", ""))
                        .sql("select count(*) from information_schema.innodb_trx t"
                                + " join information_schema.processlist p on p.id = t.trx_mysql_thread_id"
                                + " where t.trx_state = 'LOCK WAIT' and p.db = database()")
                        .query(Integer.class)
                        .single()
                > 0;
    }

    private static Long take(Lease lease) {
        try {
            return lease.take();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
