package fr.relais.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import fr.relais.EmbeddedDatabase;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** One lease for all processes: two objects stand for two of them. */
@Timeout(60)
class LeaseIT {

    private static final Duration LIFETIME = Duration.ofMillis(1_500);
    private static final AtomicInteger SCHEMAS = new AtomicInteger();

    private final DriverManagerDataSource dataSource = new DriverManagerDataSource(
            EmbeddedDatabase.shared().schema("lease" + SCHEMAS.incrementAndGet()), "root", "");
    private final JdbcClient jdbc = JdbcClient.create(dataSource);
    private final TransactionTemplate transaction = new TransactionTemplate(new JdbcTransactionManager(dataSource));
    private final Lease one = new Lease(jdbc, LIFETIME);
    private final Lease two = new Lease(jdbc, LIFETIME);

    @BeforeEach
    void createTable() {
        jdbc.sql(
                        "create table lease (name varchar(32) primary key, holder varchar(200) not null, expires_at datetime(3) not null,"
                                + " fence bigint not null)")
                .update();
        jdbc.sql("insert into lease values ('sweep', '', '2000-01-01', 7)").update();
    }

    @AfterEach
    void close() {
        one.close();
        two.close();
    }

    @Test
    void each_taking_has_a_higher_fence() throws Exception {
        long first = one.take();
        one.release();
        long second = two.take();

        assertThat(first).isEqualTo(8);
        assertThat(second).isEqualTo(9);
        assertThat(one.fence()).isEqualTo(9);
    }

    @Test
    void a_process_has_it_once() throws Exception {
        assertThat(one.take()).isNotNull();
        long asked = System.nanoTime();
        assertThat(one.take()).isNull();

        assertThat(Duration.ofNanos(System.nanoTime() - asked))
                .as("it need not wait")
                .isLessThan(LIFETIME);
    }

    @Test
    void a_holder_that_lives_keeps_it_however_long_another_waits() throws Exception {
        long fence = one.take();

        assertThat(two.take()).isNull();
        assertThat(two.fence()).isEqualTo(fence);
    }

    @Test
    void what_is_given_back_can_be_taken_at_once() throws Exception {
        one.take();
        CompletableFuture<Long> waiting = CompletableFuture.supplyAsync(() -> take(two));
        one.release();

        assertThat(waiting.get(20, TimeUnit.SECONDS)).isEqualTo(9);
        one.release();
        assertThat(two.take()).as("it was not given back by who had it before").isNull();
        assertThat(isExpired()).isFalse();
    }

    @Test
    void a_holder_that_died_loses_it_when_it_expires() throws Exception {
        one.take();
        one.close();

        assertThat(two.take()).isEqualTo(9);
    }

    @Test
    void what_a_former_holder_wants_to_write_is_refused() throws Exception {
        long former = one.take();
        one.close();
        long present = two.take();

        assertThatThrownBy(() -> one.require(former)).isInstanceOf(Lease.Lost.class);
        assertThatCode(() -> two.require(present)).doesNotThrowAnyException();
    }

    @Test
    void nobody_takes_it_while_a_transaction_relies_on_it() throws Exception {
        long former = one.take();
        CompletableFuture<Long> taken = transaction.execute(status -> {
            one.require(former);
            one.close();
            CompletableFuture<Long> waiting = CompletableFuture.supplyAsync(() -> take(two));
            await().atMost(LIFETIME.multipliedBy(4)).until(this::isTakerWaiting);
            assertThat(waiting).isNotDone();
            return waiting;
        });

        assertThat(taken.get(20, TimeUnit.SECONDS)).isEqualTo(9);
    }

    @Test
    void a_taker_that_waits_too_long_for_such_a_transaction_gives_up_without_an_error() throws Exception {
        long former = one.take();
        one.close();
        dataSource.setConnectionProperties(properties("sessionVariables", "innodb_lock_wait_timeout=1"));
        transaction.executeWithoutResult(status -> {
            one.require(former);
            assertThat(CompletableFuture.supplyAsync(() -> take(two)).join()).isNull();
        });
    }

    @Test
    void a_holder_that_cannot_tell_the_database_gives_it_back_all_the_same() throws Exception {
        one.take();
        jdbc.sql("rename table lease to gone").update();
        assertThatCode(one::release).doesNotThrowAnyException();
        jdbc.sql("rename table gone to lease").update();

        assertThat(one.take()).as("when it has expired").isEqualTo(9);
    }

    @Test
    void a_renewal_that_fails_is_not_the_last() throws Exception {
        one.take();
        jdbc.sql("rename table lease to gone").update();
        await().pollDelay(LIFETIME.dividedBy(2)).until(() -> true);
        jdbc.sql("rename table gone to lease").update();
        String renewed = expiry();

        await().atMost(LIFETIME).until(() -> !expiry().equals(renewed));
    }

    @Test
    void a_lease_that_was_taken_is_not_renewed_by_its_former_holder() throws Exception {
        one.take();
        jdbc.sql("update lease set fence = 20, expires_at = '2001-01-01'").update();
        await().pollDelay(LIFETIME.dividedBy(2)).until(() -> true);

        assertThat(expiry()).startsWith("2001");
    }

    private boolean isExpired() {
        return jdbc.sql("select expires_at < utc_timestamp(3) from lease")
                .query(Boolean.class)
                .single();
    }

    private String expiry() {
        return jdbc.sql("select expires_at from lease").query(String.class).single();
    }

    private boolean isTakerWaiting() {
        try (Connection connection = new DriverManagerDataSource(dataSource.getUrl(), "root", "").getConnection();
                Statement statement = connection.createStatement()) {
            return statement
                    .executeQuery("select 1 from information_schema.innodb_trx where trx_state = 'LOCK WAIT'")
                    .next();
        } catch (java.sql.SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static java.util.Properties properties(String name, String value) {
        java.util.Properties properties = new java.util.Properties();
        properties.setProperty(name, value);
        return properties;
    }

    private static Long take(Lease lease) {
        try {
            return lease.take();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
