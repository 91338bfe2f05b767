package fr.relais.views;

import fr.relais.database.UtcTime;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.List;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.PessimisticLockingFailureException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

/** Counts views. Callers that count at the same time {@link CoalescedCalls share} one commit. */
public final class Views {

    /** How many views one commit takes. */
    private static final int BATCH = 1_000;

    private static final int ATTEMPTS = 5;

    private final JdbcClient jdbc;
    private final TransactionOperations transaction;
    private final TransactionOperations outside;
    private final Robots robots;
    private final Duration keyWindow;
    private final ViewCounts counts;
    private final Clock clock;
    private final CoalescedCalls<Delivery, Counted> commits =
            new CoalescedCalls<>(BATCH, delivery -> delivery.views.size(), this::commit);

    /**
     * What came of the views of one caller.
     *
     * @param counted for the first time
     * @param repeated counted before
     * @param unknown of those counted: of offers that are not in the mirror
     */
    public record Counted(int counted, int repeated, int unknown) {

        Counted plus(Counted other) {
            return new Counted(counted + other.counted, repeated + other.repeated, unknown + other.unknown);
        }
    }

    /**
     * The views of one caller.
     *
     * @param byRobot for each view, whether it is by a robot
     */
    record Delivery(List<View> views, boolean[] byRobot) {}

    /**
     * @param transaction at level READ COMMITTED, and never that of the caller, since it commits the views of other
     *     callers too
     * @param outside of any transaction, so that each statement commits itself
     * @param keyWindow how long a key is kept, so that a view that is delivered again counts once
     */
    public Views(
            JdbcClient jdbc,
            TransactionOperations transaction,
            TransactionOperations outside,
            Robots robots,
            Duration keyWindow,
            Months months,
            Clock clock) {
        this.jdbc = jdbc;
        this.transaction = transaction;
        this.outside = outside;
        this.robots = robots;
        this.keyWindow = keyWindow;
        this.counts = new ViewCounts(jdbc, months, clock);
        this.clock = clock;
    }

    /**
     * Counts views and returns when that is committed.
     *
     * @throws DataAccessException when it is not known to be committed; the same views may be given again
     */
    public Counted count(List<View> views) {
        // Not under the lock: comparing an agent with the list of robots takes longer than counting.
        boolean[] byRobot = new boolean[views.size()];
        for (int i = 0; i < byRobot.length; i++) {
            byRobot[i] = robots.isRobot(views.get(i).agent());
        }
        return commits.of(new Delivery(views, byRobot));
    }

    /** Deletes the keys that are older than the window. */
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
        for (int attempt = 1; ; attempt++) {
            try {
                return outside.execute(status -> counts.addShown(batch))
                        ? batch.stream()
                                .map(delivery -> new Counted(delivery.views.size(), 0, 0))
                                .toList()
                        : transaction.execute(status -> counts.add(batch));
            } catch (PessimisticLockingFailureException e) {
                // Another process counts the same offers. Nothing of this batch was committed.
                if (attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }
}
