package fr.relais.sweep;

import fr.relais.database.UtcTime;
import fr.relais.failure.Failures;
import fr.relais.source.Throttle;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.GeneratedKeyHolder;
import org.springframework.transaction.support.TransactionOperations;

/** Runs sweeps, one at a time for all processes: begins or resumes one, records its state, and closes it. */
public final class Sweeps {

    private final JdbcClient jdbc;
    private final TransactionOperations transaction;
    private final TransactionOperations outside;
    private final Lease lease;
    private final Throttle throttle;
    private final List<String> origines;
    private final Duration resumeWithin;
    private final SweepHistory history;
    private final Clock clock;
    private volatile long callsBefore;

    /**
     * @param transaction runs what must be written together
     * @param outside runs what the database commits by itself, on a connection of its own
     * @param resumeWithin age up to which a sweep that a dead process left is gone on with
     */
    public Sweeps(
            JdbcClient jdbc,
            TransactionOperations transaction,
            TransactionOperations outside,
            Lease lease,
            Throttle throttle,
            List<String> origines,
            Duration resumeWithin,
            SweepHistory history,
            Clock clock) {
        this.jdbc = jdbc;
        this.transaction = transaction;
        this.outside = outside;
        this.lease = lease;
        this.throttle = throttle;
        this.origines = origines;
        this.resumeWithin = resumeWithin;
        this.history = history;
        this.clock = clock;
    }

    /**
     * Begins a sweep, or goes on with the one that a dead process left; one that is too old for that, or of other origins, is
     * abandoned. Returns null when another process is sweeping.
     */
    public Sweep open() throws InterruptedException {
        Long fence = lease.take();
        if (fence == null) {
            return null;
        }
        try {
            callsBefore = throttle.calls();
            Sweep left = jdbc.sql("""
                    select id, started_at, origines from sweep
                    where state in ('reading', 'removing') and origines = :origines and started_at >= :earliest
                    order by id desc limit 1""")
                    .param("origines", String.join(",", origines))
                    .param("earliest", UtcTime.of(clock.instant().minus(resumeWithin)))
                    .query((row, number) -> sweep(row, fence))
                    .optional()
                    .orElse(null);
            if (left != null) {
                resume(left, "");
                return left;
            }
            return begin(fence);
        } catch (RuntimeException e) {
            lease.release();
            throw e;
        }
    }

    /**
     * Goes on with a sweep that the guard held, by the word of a person: what it would remove is removed, each offer still with the
     * source's word. Returns null when another process is sweeping.
     *
     * @throws NotHeld when the sweep holds no removals, because it is not held, a later one has begun, or it was of other origins
     */
    public Sweep approve(long id) throws InterruptedException {
        Long fence = lease.take();
        if (fence == null) {
            return null;
        }
        try {
            callsBefore = throttle.calls();
            Sweep held = jdbc.sql("""
                    select id, started_at, origines from sweep
                    where id = :id and state = 'held' and origines = :origines
                      and exists (select 1 from removal where sweep_id = :id)""")
                    .param("id", id)
                    .param("origines", String.join(",", origines))
                    .query((row, number) -> sweep(row, fence))
                    .optional()
                    .orElseThrow(() -> new NotHeld(id));
            resume(held, ", state = 'removing', reason = null, approved = true");
            return held;
        } catch (RuntimeException e) {
            lease.release();
            throw e;
        }
    }

    private void resume(Sweep sweep, String also) {
        transaction.executeWithoutResult(status -> {
            lease.require(sweep.fence());
            jdbc.sql("update sweep set fence = :fence" + also + " where id = :id")
                    .param("fence", sweep.fence())
                    .param("id", sweep.id())
                    .update();
            // What was read ahead is out of date; what was given up may be readable now.
            jdbc.sql("""
                    update slice set tail = null, state = if(state in ('reading', 'unproved'), 'planned', state)
                    where sweep_id = :id""").param("id", sweep.id()).update();
        });
    }

    private Sweep begin(long fence) {
        Instant startedAt = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        transaction.executeWithoutResult(status -> {
            lease.require(fence);
            jdbc.sql("update sweep set state = 'abandoned', ended_at = :now where state in ('reading', 'removing')")
                    .param("now", now())
                    .update();
            jdbc.sql("delete from removal").update();
        });
        // Only now: a sweep that could still be gone on with needs its sightings.
        long id = transaction.execute(status -> {
            lease.require(fence);
            forgetSightings();
            GeneratedKeyHolder key = new GeneratedKeyHolder();
            jdbc.sql(
                            "insert into sweep (origines, started_at, state, fence) values (:origines, :now, 'reading', :fence)")
                    .param("origines", String.join(",", origines))
                    .param("now", UtcTime.of(startedAt))
                    .param("fence", fence)
                    .update(key, "id");
            return key.getKeyAs(Number.class).longValue();
        });
        return new Sweep(id, startedAt, origines, fence);
    }

    /**
     * Whether every slice is proved and the candidates for removal are still to be found. A source that has no offer at all is not
     * believed.
     */
    public boolean isRead(Sweep sweep) {
        return jdbc.sql("""
                select not exists (select 1 from slice where sweep_id = :sweep and state not in ('proved', 'split'))
                   and exists (select 1 from slice where sweep_id = :sweep and state = 'proved' and total > 0)
                   and exists (select 1 from sweep where id = :sweep and state = 'reading' and fence = :fence)""")
                .param("sweep", sweep.id())
                .param("fence", sweep.fence())
                .query(Boolean.class)
                .single();
    }

    /** Records that the candidates are known and may be removed. */
    public void markRemoving(Sweep sweep) {
        jdbc.sql("update sweep set state = 'removing' where id = :id and fence = :fence and state = 'reading'")
                .param("id", sweep.id())
                .param("fence", sweep.fence())
                .update();
    }

    /** Whether its candidates may be removed. */
    public boolean isRemoving(Sweep sweep) {
        return jdbc.sql("select exists (select 1 from sweep where id = :id and fence = :fence and state = 'removing')")
                .param("id", sweep.id())
                .param("fence", sweep.fence())
                .query(Boolean.class)
                .single();
    }

    /** Marks the sweep as proved when every candidate is decided, otherwise as incomplete. */
    public void markRemoved(Sweep sweep) {
        boolean done = jdbc.sql(
                        "select not exists (select 1 from removal where sweep_id = :sweep and outcome in ('pending', 'unknown'))")
                .param("sweep", sweep.id())
                .query(Boolean.class)
                .single();
        end(
                sweep,
                done ? SweepState.PROVED : SweepState.INCOMPLETE,
                done ? null : "not every offer could be decided: the source did not answer, or offer-removed failed");
    }

    /** Ends the sweep because of a failure, unless it has ended already. */
    public void markIncomplete(Sweep sweep, Throwable failure) {
        end(sweep, SweepState.INCOMPLETE, Failures.describe(failure));
    }

    /** Ends the sweep and keeps its candidates until a person approves them. */
    public void markHeld(Sweep sweep, String reason) {
        end(sweep, SweepState.HELD, reason);
    }

    /** Ends the sweep in the given state, unless an earlier step, or another process, has ended it already. */
    private void end(Sweep sweep, SweepState state, String reason) {
        jdbc.sql("""
                update sweep set state = :state, reason = left(:reason, 500)
                where id = :id and fence = :fence and state in ('reading', 'removing')""")
                .param("state", state.toString())
                .param("reason", reason)
                .param("id", sweep.id())
                .param("fence", sweep.fence())
                .update();
    }

    /** Counts what the sweep did, and forgets its working data but for the candidates of a held one. */
    public SweepSummary close(Sweep sweep) {
        end(sweep, SweepState.INCOMPLETE, unprovedReason(sweep));
        transaction.executeWithoutResult(status -> {
            lease.require(sweep.fence());
            // An approved sweep was counted when it was held, and its sightings are gone.
            jdbc.sql("""
                    update sweep w set
                      ended_at = :now, calls = calls + :calls,
                      created = if(approved, created,
                        (select count(*) from offer where changed_sweep = w.id and created_sweep = w.id)),
                      updated = if(approved, updated,
                        (select count(*) from offer where changed_sweep = w.id and created_sweep <> w.id)),
                      unchanged = if(approved, unchanged,
                        (select count(*) from sighting where sweep_id = w.id) - created - updated),
                      removed = (select count(*) from removal where sweep_id = w.id and outcome = 'removed'),
                      out_of_scope = if(state = 'held', 0,
                        (select count(*) from removal where sweep_id = w.id and outcome = 'out of scope'
                           and offer_id not in (select id from offer))),
                      kept = (select count(*) from removal where sweep_id = w.id and outcome not in ('removed', 'out of scope')),
                      set_aside = (select count(*) from set_aside where sweep_id = w.id)
                    where id = :id""")
                    .param("now", now())
                    .param("calls", throttle.calls() - callsBefore)
                    .param("id", sweep.id())
                    .update();
            // Sightings and candidates are ids of offers, some of them removed: none of these outlives the sweep.
            jdbc.sql(
                            "delete from removal where sweep_id not in (select id from sweep where id = :id and state = 'held')")
                    .param("id", sweep.id())
                    .update();
            jdbc.sql("delete from set_aside where sweep_id < :id")
                    .param("id", sweep.id())
                    .update();
            jdbc.sql("update slice set tail = null where sweep_id = :id and tail is not null")
                    .param("id", sweep.id())
                    .update();
        });
        // Not in the transaction above: that one has read the sightings, so truncating would wait for it.
        transaction.executeWithoutResult(status -> {
            lease.require(sweep.fence());
            forgetSightings();
        });
        return history.of(sweep.id());
    }

    /** Lets other processes sweep. */
    public void releaseLease() {
        lease.release();
    }

    /** How far the sweep is. Offers count slice by slice, as they are proved. */
    public Progress progress() {
        return jdbc.sql("""
                select coalesce(sum(state = 'proved'), 0) as slices, count(*) as slices_known,
                       coalesce(sum(if(state = 'proved', total, 0)), 0) as offers,
                       coalesce(sum(if(state = 'proved', total, expected)), 0) as offers_known, :calls as calls
                from slice where state <> 'split' and sweep_id =
                  (select max(id) from sweep where state in ('reading', 'removing'))""")
                .param("calls", throttle.calls() - callsBefore)
                .query(Progress.class)
                .single();
    }

    private boolean hasReadEverySlice(Sweep sweep) {
        return jdbc.sql(
                        "select not exists (select 1 from slice where sweep_id = :id and state not in ('proved', 'split'))")
                .param("id", sweep.id())
                .query(Boolean.class)
                .single();
    }

    private String unprovedReason(Sweep sweep) {
        return jdbc.sql("""
                select reason from slice where sweep_id = :sweep and state = 'unproved' and reason is not null
                order by id limit 1""")
                .param("sweep", sweep.id())
                .query(String.class)
                .optional()
                .orElse(
                        hasReadEverySlice(sweep)
                                ? "the source says that it has no offer at all"
                                : "not every slice was read");
    }

    /** To truncate is to commit, so it is done beside the transaction that keeps the lease. */
    private void forgetSightings() {
        outside.executeWithoutResult(
                status -> jdbc.sql("truncate table sighting").update());
    }

    private static Sweep sweep(ResultSet row, long fence) throws SQLException {
        return new Sweep(
                row.getLong("id"),
                UtcTime.instant(row, "started_at"),
                List.of(row.getString("origines").split(",")),
                fence);
    }

    private LocalDateTime now() {
        return UtcTime.of(clock.instant());
    }
}
