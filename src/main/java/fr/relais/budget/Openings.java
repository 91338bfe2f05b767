package fr.relais.budget;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDate;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

/**
 * The tables {@code opening}, {@code opening_day} and {@code familiar_offer}. Through them, all processes on one
 * database share one budget, which also survives a restart. A process learns what another has granted once both have
 * exchanged their openings.
 */
public final class Openings implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Openings.class);

    private static final int BATCH = 1_000;

    private static final Duration EXCHANGE_EVERY = Duration.ofSeconds(5);

    private final long node = new SecureRandom().nextLong();
    private final JdbcOperations operations;
    private final JdbcClient jdbc;
    private final TransactionOperations transaction;
    private final Budget budget;

    private ScheduledExecutorService timer;
    private LocalDate agreedDay;
    private long lastRead;
    private long countedAfter = -1;
    private boolean failing;

    /** @param transaction at level READ COMMITTED, so that it sees all rows committed before it got the lock */
    public Openings(JdbcOperations operations, TransactionOperations transaction, Budget budget) {
        this.operations = operations;
        this.jdbc = JdbcClient.create(operations);
        this.transaction = transaction;
        this.budget = budget;
    }

    /** Exchanges openings at once and then every few seconds. */
    public synchronized void start() {
        if (timer == null) {
            timer = Executors.newSingleThreadScheduledExecutor(task -> {
                Thread thread = new Thread(task, "relais-budget");
                thread.setDaemon(true);
                return thread;
            });
            timer.scheduleWithFixedDelay(this::exchange, 0, EXCHANGE_EVERY.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /** Exchanges openings a last time, if {@link #start} was called. */
    @Override
    public synchronized void close() {
        if (timer != null) {
            timer.shutdown();
            exchange();
        }
    }

    /**
     * Writes the openings that this process granted and reads those that others granted. The first of consecutive
     * failures is logged; the next exchange tries again.
     */
    synchronized void exchange() {
        DailyBudget day = budget.today();
        List<Opening> own = day.takeUnwritten();
        boolean written = false;
        try {
            if (!day.date.equals(agreedDay)) {
                beginDay(day);
            }
            lastRead = transaction.execute(status -> exchange(day, own));
            written = true;
            countOffers();
            failing = false;
        } catch (RuntimeException e) {
            // Catches every kind, because a task that throws is not scheduled again.
            if (!failing) {
                LOG.warn(
                        "The budgets of clients are not shared with other processes for now; check the database: {}",
                        e.getClass().getSimpleName());
            }
            failing = true;
        } finally {
            if (!written) {
                day.giveBack(own);
            }
        }
    }

    /** Counts the offers once after each proved sweep, because the count takes longer than the rest of the exchange. */
    private void countOffers() {
        long sweep = jdbc.sql("select coalesce(max(id), 0) from sweep where state = 'proved'")
                .query(Long.class)
                .single();
        if (sweep != countedAfter) {
            budget.base(jdbc.sql("select count(*) from offer").query(Long.class).single());
            countedAfter = sweep;
        }
    }

    /**
     * Agrees with other processes on the salts and on the familiar offers of the day before, and deletes the rows of
     * former days.
     */
    private void beginDay(DailyBudget day) {
        Pseudonymizer current = agreeOnSalt(day.date, day.pseudonymizer());
        // Agrees on the salt of tomorrow too, so that all processes have it at midnight.
        Pseudonymizer next = agreeOnSalt(day.date.plusDays(1), budget.nextPseudonymizer());
        Set<Long> familiar = transaction.execute(status -> {
            lock(day.date);
            insertFamiliar(day);
            for (String table : List.of("opening", "opening_day", "familiar_offer")) {
                jdbc.sql("delete from " + table + " where day < :day")
                        .param("day", day.date)
                        .update();
            }
            return new HashSet<>(jdbc.sql("select offer from familiar_offer where day = :day")
                    .param("day", day.date)
                    .query((row, number) -> number(row.getBytes(1)))
                    .list());
        });
        day.adopt(current);
        budget.nextPseudonymizer(next);
        day.familiarBefore(Set.copyOf(familiar));
        lastRead = 0;
        agreedDay = day.date;
    }

    /** Stores the proposed salt unless another process has stored one, and returns the stored salt. */
    private Pseudonymizer agreeOnSalt(LocalDate day, Pseudonymizer proposed) {
        jdbc.sql("insert ignore into opening_day (day, salt) values (:day, :salt)")
                .param("day", day)
                .param("salt", proposed.salt())
                .update();
        return jdbc.sql("select salt from opening_day where day = :day")
                .param("day", day)
                .query((row, number) -> new Pseudonymizer(row.getBytes(1)))
                .single();
    }

    /**
     * Inserts the familiar offers of the day before, unless another process has inserted its own. The choice of any
     * process will do.
     */
    private void insertFamiliar(DailyBudget day) {
        boolean done = jdbc.sql("select exists (select 1 from familiar_offer where day = :day)")
                .param("day", day.date)
                .query(Boolean.class)
                .single();
        if (!done) {
            operations.batchUpdate(
                    "insert into familiar_offer (day, offer) values (?, ?)",
                    day.familiarBefore(),
                    BATCH,
                    (row, offer) -> {
                        row.setObject(1, day.date);
                        row.setBytes(2, bytes(offer));
                    });
        }
    }

    private long exchange(DailyBudget day, List<Opening> own) {
        lock(day.date);
        operations.batchUpdate(
                "insert into opening (day, node, client, offer, kind) values (?, ?, ?, ?, ?)",
                own,
                BATCH,
                (row, opening) -> {
                    row.setObject(1, opening.day());
                    row.setLong(2, node);
                    row.setBytes(3, opening.client().bytes());
                    row.setBytes(4, bytes(opening.offer()));
                    row.setInt(5, opening.kind().ordinal());
                });
        long last = jdbc.sql("select coalesce(max(id), 0) from opening")
                .query(Long.class)
                .single();
        jdbc.sql("select day, client, offer, kind from opening"
                        + " where id > :from and day = :day and node <> :node order by id")
                .param("from", lastRead)
                .param("day", day.date)
                .param("node", node)
                .query((row, number) -> opening(row))
                .list()
                .forEach(day::add);
        return last;
    }

    /**
     * Locks the day until the transaction ends. Other writers wait, so that no row appears later with a lower id than
     * one that was already read.
     */
    private void lock(LocalDate day) {
        jdbc.sql("select day from opening_day where day = :day for update")
                .param("day", day)
                .query()
                .listOfRows();
    }

    private static Opening opening(ResultSet row) throws SQLException {
        return new Opening(
                row.getObject(1, LocalDate.class),
                Pseudonym.of(row.getBytes(2)),
                number(row.getBytes(3)),
                Opening.Kind.values()[row.getInt(4)]);
    }

    private static byte[] bytes(long offer) {
        return ByteBuffer.allocate(Long.BYTES).putLong(offer).array();
    }

    private static long number(byte[] offer) {
        return ByteBuffer.wrap(offer).getLong();
    }
}
