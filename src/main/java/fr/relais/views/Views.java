package fr.relais.views;

import fr.relais.database.UtcTime;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.YearMonth;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.PessimisticLockingFailureException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

/** Counts views. Concurrent callers {@link CoalescedCalls share} one commit. */
public final class Views {

    /** The maximum number of views in one commit, unless a single caller brings more. */
    private static final int BATCH = 1_000;

    private static final Duration MAX_WAIT = Duration.ofMillis(1_500);

    private static final int ATTEMPTS = 5;

    private final JdbcClient jdbc;
    private final TransactionOperations transaction;
    private final Robots robots;
    private final Duration keyWindow;
    private final Months months;
    private final ViewCounts counts;
    private final Clock clock;
    private final LongAdder counted = new LongAdder();
    private final LongAdder repeated = new LongAdder();
    private final LongAdder rejected = new LongAdder();
    private final CoalescedCalls<Delivery, Counted> commits =
            new CoalescedCalls<>(BATCH, MAX_WAIT, delivery -> delivery.views.size(), this::commit);

    /**
     * The result of counting the views of one caller.
     *
     * @param counted views that were counted for the first time
     * @param repeated views that had been counted before
     * @param unknown counted views whose offer is not in the mirror
     */
    public record Counted(int counted, int repeated, int unknown) {

        Counted plus(Counted other) {
            return new Counted(counted + other.counted, repeated + other.repeated, unknown + other.unknown);
        }
    }

    /**
     * The result of discarding the views of a reporter: their numbers by month.
     *
     * @param subtracted views that were subtracted, because their month was open
     * @param frozen views that stay counted, because the report of their month was frozen
     */
    public record Discarded(Map<YearMonth, Long> subtracted, Map<YearMonth, Long> frozen) {}

    /**
     * The views of one caller.
     *
     * @param byRobot whether each view is by a robot
     * @param reporter the name of an API key, or empty
     */
    record Delivery(List<View> views, boolean[] byRobot, String reporter) {}

    /**
     * @param transaction starts a new transaction at level READ COMMITTED, never joins that of the caller, because it
     *     commits the views of other callers too
     * @param robots recognizes the views by robots
     * @param keyWindow how long an idempotency key is kept, so that a view that is delivered again counts once
     */
    public Views(
            JdbcClient jdbc,
            TransactionOperations transaction,
            Robots robots,
            Duration keyWindow,
            Months months,
            Clock clock) {
        this.jdbc = jdbc;
        this.transaction = transaction;
        this.robots = robots;
        this.keyWindow = keyWindow;
        this.months = months;
        this.counts = new ViewCounts(jdbc, months, clock);
        this.clock = clock;
    }

    /** Counts views that no API key reported: those of this process's own pages, of a file or of a queue. */
    public Counted count(List<View> views) {
        return count(views, null);
    }

    /**
     * Counts views and returns after the commit.
     *
     * @param reporter the name of the API key that reports the views, or null
     * @throws DataAccessException when the commit is not certain; the same views may then be submitted again
     */
    public Counted count(List<View> views, String reporter) {
        // Done before the commit, which one thread runs at a time: matching an agent takes longer than counting.
        boolean[] byRobot = new boolean[views.size()];
        for (int i = 0; i < byRobot.length; i++) {
            byRobot[i] = robots.isRobot(views.get(i).agent());
        }
        Counted result = commits.call(new Delivery(views, byRobot, Objects.requireNonNullElse(reporter, "")));
        counted.add(result.counted);
        repeated.add(result.repeated);
        return result;
    }

    /** Records that a submitted record or a line of a file is not a valid view. */
    public void recordRejection() {
        rejected.increment();
    }

    /** Returns the number of views that this process has counted for the first time. */
    public long counted() {
        return counted.sum();
    }

    /** Returns the number of views that this process was given again after they had been counted. */
    public long repeated() {
        return repeated.sum();
    }

    /** Returns the number of rejections that were recorded in this process. */
    public long rejected() {
        return rejected.sum();
    }

    /**
     * Subtracts all views that were reported with an API key from the counts of the months that are open. Frozen
     * reports stay as they are. Meanwhile, views can be counted and months can be frozen.
     *
     * @param reporter the name of the key, which may have been revoked already
     */
    public Discarded discard(String reporter) {
        return new ReporterCounts(jdbc, transaction).discard(reporter);
    }

    /** Returns the views of the last days up to the present one, oldest first. */
    public List<ViewDay> lastDays(int count) {
        return new ViewDays(jdbc).last(count, months.day(clock.instant()));
    }

    /** Deletes the counts of days that are older than 400 days. */
    public void deleteOldDays() {
        new ViewDays(jdbc).deleteOld(clock.instant());
    }

    /** Deletes the idempotency keys that are older than the window. */
    public void deleteOldKeys() {
        LocalDateTime before = UtcTime.of(clock.instant().minus(keyWindow));
        int deleted;
        do {
            deleted = jdbc.sql("delete from view_key where counted_at < :before limit 10000")
                    .param("before", before)
                    .update();
        } while (deleted > 0);
    }

    private List<Counted> commit(List<Delivery> batch) {
        return retried(() -> transaction.execute(status -> counts.addShown(batch))
                ? batch.stream()
                        .map(delivery -> new Counted(delivery.views.size(), 0, 0))
                        .toList()
                : transaction.execute(status -> counts.add(batch)));
    }

    /** Runs a transaction, and again when it was rolled back because another process has locked the same rows. */
    static <T> T retried(Supplier<T> work) {
        for (int attempt = 1; ; attempt++) {
            try {
                return work.get();
            } catch (PessimisticLockingFailureException e) {
                if (attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }
}
