package fr.relais.budget;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import fr.relais.EmbeddedDatabase;
import fr.relais.settings.BudgetSettings;
import fr.relais.simulator.SettableClock;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionCallback;
import org.springframework.transaction.support.TransactionOperations;
import org.springframework.transaction.support.TransactionTemplate;

class BudgetIT {

    private static final AtomicInteger SCHEMAS = new AtomicInteger();

    private final SettableClock clock = new SettableClock(Instant.parse("2026-11-17T11:00:00Z"));
    private HikariDataSource dataSource;
    private JdbcClient jdbc;
    private boolean databaseDown;

    /** A process that shares the database with others. */
    private final class Node {

        private final Budget budget =
                new Budget(new BudgetSettings.Limits(100_000, 20, 5, 0.02, 500), SearchEnginesTest.none(), clock);
        private final Openings openings;

        Node() {
            TransactionTemplate transaction = new TransactionTemplate(new JdbcTransactionManager(dataSource));
            transaction.setIsolationLevel(TransactionDefinition.ISOLATION_READ_COMMITTED);
            TransactionOperations breakable = new TransactionOperations() {
                @Override
                public <T> T execute(TransactionCallback<T> action) {
                    if (databaseDown) {
                        throw new DataAccessResourceFailureException("down");
                    }
                    return transaction.execute(action);
                }
            };
            openings = new Openings(new JdbcTemplate(dataSource), breakable, budget);
        }

        /** Requests the offers from {@code from} to before {@code to}, and returns how many were granted. */
        int granted(String address, int from, int to) {
            int granted = 0;
            for (int offer = from; offer < to; offer++) {
                granted +=
                        budget.tryOpen(Client.at(address), "offer" + offer) instanceof BudgetDecision.Granted ? 1 : 0;
            }
            return granted;
        }
    }

    @BeforeEach
    void start() {
        HikariConfig pool = new HikariConfig();
        pool.setJdbcUrl(EmbeddedDatabase.shared().schema("budget" + SCHEMAS.incrementAndGet()));
        pool.setUsername("root");
        pool.setPassword("");
        dataSource = new HikariDataSource(pool);
        jdbc = JdbcClient.create(dataSource);
        Flyway.configure()
                .dataSource(dataSource)
                .locations("classpath:fr/relais/db/migration")
                .load()
                .migrate();
    }

    @AfterEach
    void stop() {
        dataSource.close();
    }

    @Test
    void the_pool_grows_with_the_base_as_soon_as_a_sweep_is_proved() {
        Node node = new Node();
        node.openings.exchange();
        node.granted("192.0.2.1", 0, 5);
        node.granted("192.0.3.1", 0, 5);
        // Each client may open five unopened offers, and ten more from the pool: 2 % of the base, at least 100.
        assertThat(thirtyClients(node, 0)).isEqualTo(30 * 5 + 100);
        jdbc.sql("insert into offer (id, origine, content, fingerprint, digest, created_sweep, changed_sweep)"
                        + " select concat('offer', seq), '1', '{}', '', '', 1, 1 from seq_1_to_50000")
                .update();
        jdbc.sql("insert into sweep (origines, state, started_at, fence) values ('1', 'proved', now(3), 1)")
                .update();

        node.openings.exchange();

        assertThat(thirtyClients(node, 30)).isEqualTo(30 * (5 + 10));
    }

    /**
     * Returns how many offers thirty clients are granted. Each requests five familiar offers first, which do not count,
     * and then twenty that no other client requests.
     */
    private static int thirtyClients(Node node, int first) {
        return IntStream.range(first, first + 30)
                .map(client -> {
                    String address = "10.0." + client + ".1";
                    node.granted(address, 0, 5);
                    return node.granted(address, 100 + 20 * client, 120 + 20 * client);
                })
                .sum();
    }

    @Test
    void a_process_knows_what_another_process_has_granted() {
        Node one = new Node();
        Node other = new Node();
        one.openings.exchange();
        other.openings.exchange();

        one.granted("192.0.2.1", 0, 5);
        other.granted("192.0.3.1", 0, 5);
        for (int client = 0; client < 12; client++) {
            one.granted("10.0.0." + client, 100 + 5 * client, 105 + 5 * client);
        }
        exchange(one, other);

        assertThat(one.granted("192.0.3.1", 0, 5)).isEqualTo(5);
        assertThat(other.granted("192.0.2.1", 0, 5)).isEqualTo(5);
        assertThat(one.granted("192.0.3.1", 20, 40)).isZero();
        assertThat(other.granted("192.0.2.1", 20, 40)).isZero();
        // Two clients have opened these offers, each on a different process.
        assertThat(one.granted("192.0.4.1", 0, 5)).isEqualTo(5);
        assertThat(other.granted("10.0.0.200", 200, 205))
                .as("an address of a prefix that has reached its ceiling on the other process")
                .isZero();
    }

    @Test
    void two_processes_share_one_pool() {
        Node one = new Node();
        Node other = new Node();
        exchange(one, other);
        one.granted("192.0.2.1", 0, 5);
        one.granted("192.0.3.1", 0, 5);
        exchange(one, other);
        int granted = 0;
        for (int client = 0; client < 30; client++) {
            Node node = client % 2 == 0 ? one : other;
            node.granted("10.0." + client + ".1", 0, 5);
            granted += node.granted("10.0." + client + ".1", 100 * client + 100, 100 * client + 200);
            exchange(one, other);
        }

        // The pool of a small base has 100 offers. Five familiar offers allow ten from the pool.
        assertThat(granted).isEqualTo(30 * 5 + 100);
    }

    @Test
    void a_restarted_process_continues_with_the_budget_of_the_day() {
        Node before = new Node();
        before.openings.exchange();
        assertThat(before.granted("192.0.2.1", 0, 100)).isEqualTo(5);
        before.granted("192.0.3.1", 0, 2);
        before.openings.exchange();

        Node after = new Node();
        after.openings.exchange();

        assertThat(after.granted("192.0.2.1", 0, 5)).isEqualTo(5);
        assertThat(after.granted("192.0.2.1", 20, 100)).isZero();
        assertThat(after.granted("192.0.4.1", 0, 2)).isEqualTo(2);
        assertThat(after.granted("192.0.4.1", 200, 203)).isEqualTo(3);
    }

    @Test
    void the_tables_contain_no_address_and_no_offer_id() {
        Node node = new Node();
        node.openings.exchange();
        node.granted("192.0.2.1", 0, 3);
        node.granted("2001:db8:1::1", 0, 3);
        node.openings.exchange();

        List<byte[]> values = new ArrayList<>();
        values.addAll(jdbc.sql("select client from opening")
                .query((row, number) -> row.getBytes(1))
                .list());
        values.addAll(jdbc.sql("select offer from opening")
                .query((row, number) -> row.getBytes(1))
                .list());
        assertThat(values).hasSize(12);
        assertThat(values.subList(0, 6)).allMatch(client -> client.length == 16);
        assertThat(values.subList(6, 12)).allMatch(offer -> offer.length == 8);
        for (byte[] value : values) {
            assertThat(new String(value, StandardCharsets.ISO_8859_1))
                    .doesNotContain("offer", "192", "\u00c0\u0000\u0002", "2001", "\u0020\u0001\r\u00b8");
        }
    }

    @Test
    void only_the_favourites_of_a_day_are_kept_and_only_for_the_next_day() {
        Node one = new Node();
        Node other = new Node();
        exchange(one, other);
        one.budget.base(1_000);
        other.budget.base(1_000);
        one.granted("192.0.2.1", 0, 5);
        other.granted("192.0.3.1", 0, 5);
        exchange(one, other);
        byte[] salt = salt("2026-11-17");
        byte[] next = salt("2026-11-18");

        clock.advance(Duration.ofDays(1));
        one.granted("192.0.4.1", 10, 13);
        other.granted("192.0.4.1", 13, 15);
        exchange(one, other);

        assertThat(count("select count(*) from opening where day < '2026-11-18'"))
                .isZero();
        assertThat(count("select count(*) from opening")).isEqualTo(5);
        assertThat(count("select count(*) from opening_day where day < '2026-11-18'"))
                .isZero();
        assertThat(salt("2026-11-18")).isEqualTo(next).isNotEqualTo(salt);
        assertThat(count("select count(*) from familiar_offer")).isEqualTo(5);
        // The salt was agreed before midnight, so both processes used the same pseudonym.
        assertThat(count("select count(distinct client) from opening")).isEqualTo(1);
        Node late = new Node();
        late.openings.exchange();
        assertThat(late.budget.today().familiarBefore()).hasSize(5);

        clock.advance(Duration.ofDays(2));
        one.openings.exchange();
        assertThat(count("select count(*) from familiar_offer")).isZero();
    }

    @Test
    void clients_are_answered_while_the_database_is_down_and_their_openings_are_written_later() {
        Node node = new Node();
        databaseDown = true;
        node.openings.exchange();

        assertThat(node.granted("192.0.2.1", 0, 100)).isEqualTo(5);
        node.openings.exchange();
        node.granted("192.0.3.1", 200, 203);
        node.openings.exchange();
        databaseDown = false;
        node.openings.exchange();

        assertThat(count("select count(*) from opening")).isEqualTo(8);
        node.openings.exchange();
        assertThat(count("select count(*) from opening")).isEqualTo(8);
    }

    @Test
    void a_process_that_started_without_the_database_adopts_the_salt_of_the_others() {
        Node one = new Node();
        one.openings.exchange();
        Node other = new Node();
        other.granted("192.0.2.1", 0, 3);
        exchange(other, one);
        one.granted("192.0.2.1", 10, 15);
        exchange(one, other);

        assertThat(other.granted("192.0.2.1", 10, 15)).isEqualTo(5);
        assertThat(other.granted("192.0.2.1", 20, 25)).isZero();
    }

    @Test
    void openings_that_are_written_concurrently_are_all_read() throws Exception {
        List<Node> nodes = List.of(new Node(), new Node(), new Node(), new Node());
        ExecutorService threads = Executors.newFixedThreadPool(nodes.size());
        List<Future<?>> running = new ArrayList<>();
        nodes.forEach(node -> node.openings.exchange());
        for (int number = 0; number < nodes.size(); number++) {
            Node node = nodes.get(number);
            String prefix = "10." + number + ".";
            running.add(threads.submit(() -> {
                for (int i = 0; i < 50; i++) {
                    node.granted(prefix + i + ".1", 1_000, 1_005);
                    node.openings.exchange();
                }
            }));
        }
        for (Future<?> one : running) {
            one.get();
        }
        threads.shutdown();
        nodes.forEach(node -> node.openings.exchange());

        for (Node node : nodes) {
            for (int client = 0; client < 200; client++) {
                Pseudonym pseudonym = node.budget
                        .today()
                        .pseudonymizer()
                        .pseudonym(Client.at("10." + client / 50 + "." + client % 50 + ".1"));
                assertThat(node.budget.today().opened(pseudonym)).isEqualTo(5);
            }
        }
    }

    private static void exchange(Node one, Node other) {
        one.openings.exchange();
        other.openings.exchange();
        one.openings.exchange();
    }

    private long count(String sql) {
        return jdbc.sql(sql).query(Long.class).single();
    }

    private byte[] salt(String day) {
        return jdbc.sql("select salt from opening_day where day = :day")
                .param("day", day)
                .query((row, number) -> row.getBytes(1))
                .single();
    }
}
