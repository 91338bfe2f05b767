package fr.relais.sweep;

import fr.relais.database.UtcTime;
import fr.relais.failure.Failures;
import fr.relais.ledger.Ledger;
import fr.relais.source.Throttle;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.GeneratedKeyHolder;
import org.springframework.transaction.support.TransactionOperations;

/** The life cycle of sweeps. All processes on one database together run one sweep at a time. */
public final class Sweeps {

    private static final Logger LOG = LoggerFactory.getLogger("fr.relais.sweep");

    private final JdbcClient jdbc;
    private final TransactionOperations transaction;
    private final Lease lease;
    private final Throttle throttle;
    private final List<String> origines;
    private final Duration resumeWithin;
    private final SweepHistory history;
    private final Certificates certificates;
    private final SweepEnd end;
    private final Clock clock;
    private final AtomicLong deletions = new AtomicLong();
    private final Map<SweepState, Ended> ended = new EnumMap<>(SweepState.class);
    private volatile long callsAtStart;
    private volatile Instant openedAt = Instant.EPOCH;

    /**
     * The sweeps that this process has ended in one state.
     *
     * @param duration the time that they took together in this process
     */
    public record Ended(long count, Duration duration) {

        private static final Ended NONE = new Ended(0, Duration.ZERO);

        private Ended plus(Duration another) {
            return new Ended(count + 1, duration.plus(another));
        }
    }

    /**
     * @param transaction runs statements that must be committed together
     * @param origines the origins in scope
     * @param resumeWithin the age up to which an interrupted sweep is resumed
     * @param keep the retention of sweeps
     */
    public Sweeps(
            JdbcClient jdbc,
            TransactionOperations transaction,
            Lease lease,
            Throttle throttle,
            List<String> origines,
            Duration resumeWithin,
            Duration keep,
            SweepHistory history,
            Certificates certificates,
            Ledger ledger,
            Clock clock) {
        this.jdbc = jdbc;
        this.transaction = transaction;
        this.lease = lease;
        this.throttle = throttle;
        this.origines = origines;
        this.resumeWithin = resumeWithin;
        this.history = history;
        this.certificates = certificates;
        this.end = new SweepEnd(jdbc, history, certificates, ledger, keep, clock);
        this.clock = clock;
    }

    /**
     * Begins a sweep, or resumes the one that a dead process left. An interrupted sweep that is too old, or that has
     * other origins, is abandoned.
     *
     * @return the sweep, or null when a sweep is already running
     */
    public Sweep open() throws InterruptedException {
        Long fence = lease.take();
        if (fence == null) {
            return null;
        }
        try {
            beginCounting();
            Sweep interrupted = jdbc.sql("""
                    select id, started_at, origines from sweep
                    where state in ('reading', 'removing') and origines = :origines and started_at >= :earliest
                    order by id desc limit 1""")
                    .param("origines", String.join(",", origines))
                    .param("earliest", UtcTime.of(clock.instant().minus(resumeWithin)))
                    .query((row, number) -> sweep(row, fence))
                    .optional()
                    .orElse(null);
            if (interrupted != null) {
                transaction.executeWithoutResult(status -> resume(interrupted));
                return watched(interrupted);
            }
            return watched(begin(fence));
        } catch (RuntimeException e) {
            lease.release(fence);
            throw e;
        }
    }

    /**
     * Resumes a held sweep whose removals a person has approved. The source is still asked about each candidate, as in
     * any other sweep.
     *
     * @param person the name of the person, or null when it is unknown
     * @return the sweep, or null when a sweep is already running
     * @throws NotHeld when the sweep holds no removals: it is not held, a later sweep has begun, or the origins in
     *     scope have changed
     */
    public Sweep approve(long id, String person) throws InterruptedException {
        Long fence = lease.take();
        if (fence == null) {
            return null;
        }
        try {
            beginCounting();
            Sweep held = jdbc.sql("""
                    select id, started_at, origines from sweep
                    where id = :id and state = 'held' and origines = :origines
                      and exists (select 1 from removal where sweep_id = :id)""")
                    .param("id", id)
                    .param("origines", String.join(",", origines))
                    .query((row, number) -> sweep(row, fence))
                    .optional()
                    .orElseThrow(() -> new NotHeld(id));
            transaction.executeWithoutResult(status -> {
                lease.require(fence);
                // Another person may have refused the removals since.
                int rows = jdbc.sql("update sweep set state = 'removing', ended_at = null, approved = true,"
                                + " approved_by = left(:person, 64) where id = :id and state = 'held'")
                        .param("person", person)
                        .param("id", id)
                        .update();
                if (rows == 0) {
                    throw new NotHeld(id);
                }
                resume(held);
                end.recordDecision(id, "approved", person, candidates(id));
            });
            LOG.info("The removals of sweep {} were approved{}", id, person == null ? "" : " by " + person);
            return watched(held);
        } catch (RuntimeException e) {
            lease.release(fence);
            throw e;
        }
    }

    private void beginCounting() {
        callsAtStart = throttle.calls();
        openedAt = clock.instant();
    }

    /** Ends the sweep as incomplete when it stops making progress, so that it does not keep its lease forever. */
    private Sweep watched(Sweep sweep) {
        SweepDeadline deadline =
                new SweepDeadline(() -> throttle.calls() + endedSlices(sweep) + deletions.get(), () -> {
                    recordFailure(sweep, new SweepDeadline.Exceeded());
                    close(sweep);
                    releaseLease(sweep);
                });
        lease.checkBeforeRenewals(deadline::check);
        return sweep;
    }

    /** Counts an offer that this process has deleted as progress of its sweep. */
    public void countDeletion() {
        deletions.incrementAndGet();
    }

    /** Returns the number of slices that have been read. Another process may have read them. */
    private long endedSlices(Sweep sweep) {
        return jdbc.sql("select count(*) from slice where sweep_id = :id and state not in ('planned', 'reading')")
                .param("id", sweep.id())
                .query(Long.class)
                .single();
    }

    /** Continues a sweep under a new fence. Must be called in a transaction. */
    private void resume(Sweep sweep) {
        lease.require(sweep.fence());
        jdbc.sql("update sweep set fence = :fence, reason = null where id = :id")
                .param("fence", sweep.fence())
                .param("id", sweep.id())
                .update();
        jdbc.sql("update removal set outcome = 'pending' where sweep_id = :sweep"
                        + " and outcome not in ('kept', 'removed', 'out of scope')")
                .param("sweep", sweep.id())
                .update();
        // Ids that were read ahead are out of date. Slices that could not be read may be readable now.
        jdbc.sql("""
                update slice set tail = null,
                  read_from = if(state in ('reading', 'unproved'), null, read_from),
                  read_to = if(state in ('reading', 'unproved'), null, read_to),
                  state = if(state in ('reading', 'unproved'), 'planned', state)
                where sweep_id = :id""").param("id", sweep.id()).update();
    }

    /**
     * Marks a held sweep as refused and deletes its candidates, because a person has refused to remove them. The next
     * sweep finds its candidates anew.
     *
     * @param person the name of the person, or null when it is unknown
     * @return the result of the sweep
     * @throws NotHeld when the sweep holds no removals: it is not held, or a later sweep has begun
     */
    public SweepSummary refuse(long id, String person) {
        String reason = "the removals were refused" + (person == null ? "" : " by " + person);
        transaction.executeWithoutResult(status -> {
            // If somebody approves the removals at the same time, the first decision wins.
            int rows = jdbc.sql("update sweep set state = 'refused', reason = left(:reason, 500)"
                            + " where id = :id and state = 'held'"
                            + " and exists (select 1 from removal where sweep_id = :id)")
                    .param("reason", reason)
                    .param("id", id)
                    .update();
            if (rows == 0) {
                throw new NotHeld(id);
            }
            long candidates = candidates(id);
            jdbc.sql("delete from removal where sweep_id = :id").param("id", id).update();
            end.recordDecision(id, "refused", person, candidates);
        });
        LOG.info("Sweep {} removes nothing: {}", id, reason);
        return history.of(id);
    }

    private long candidates(long id) {
        return jdbc.sql("select count(*) from removal where sweep_id = :id")
                .param("id", id)
                .query(Long.class)
                .single();
    }

    private Sweep begin(long fence) {
        Instant startedAt = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        long id = transaction.execute(status -> {
            lease.require(fence);
            List<Sweep> abandoned = jdbc.sql("select * from sweep where state in ('reading', 'removing')")
                    .query((row, number) -> sweep(row, row.getLong("fence")))
                    .list();
            abandoned.forEach(end::storeAbandoned);
            jdbc.sql("delete from removal").update();
            jdbc.sql("delete from sighting").update();
            GeneratedKeyHolder key = new GeneratedKeyHolder();
            jdbc.sql("insert into sweep (origines, started_at, state, fence)"
                            + " values (:origines, :now, 'reading', :fence)")
                    .param("origines", String.join(",", origines))
                    .param("now", UtcTime.of(startedAt))
                    .param("fence", fence)
                    .update(key, "id");
            abandoned.forEach(sweep -> end.record(sweep.id(), null));
            return key.getKeyAs(Number.class).longValue();
        });
        return new Sweep(id, startedAt, origines, fence);
    }

    /**
     * Returns whether every slice is proved and the candidates have not been determined yet. False when the source
     * reports no offer at all, because that is probably a fault of the source.
     */
    public boolean needsCandidates(Sweep sweep) {
        return jdbc.sql("""
                select not exists (select 1 from slice where sweep_id = :sweep and state not in ('proved', 'split'))
                   and exists (select 1 from slice where sweep_id = :sweep and state = 'proved' and total > 0)
                   and exists (select 1 from sweep where id = :sweep and state = 'reading' and fence = :fence)""")
                .param("sweep", sweep.id())
                .param("fence", sweep.fence())
                .query(Boolean.class)
                .single();
    }

    /** Records that the candidates have been determined and may be removed. */
    public void markRemoving(Sweep sweep) {
        jdbc.sql("update sweep set state = 'removing' where id = :id and fence = :fence and state = 'reading'")
                .param("id", sweep.id())
                .param("fence", sweep.fence())
                .update();
    }

    /** Returns whether the candidates of the sweep may be removed. */
    public boolean isRemoving(Sweep sweep) {
        return jdbc.sql("select exists (select 1 from sweep where id = :id and fence = :fence and state = 'removing')")
                .param("id", sweep.id())
                .param("fence", sweep.fence())
                .query(Boolean.class)
                .single();
    }

    /** Returns whether the sweep has set records aside. Each of these records may be a candidate. */
    public boolean hasSetAside(Sweep sweep) {
        return jdbc.sql("select exists (select 1 from set_aside where sweep_id = :sweep)")
                .param("sweep", sweep.id())
                .query(Boolean.class)
                .single();
    }

    /** Returns whether no candidate has been decided by an answer of the source. */
    public boolean isNothingDecided(Sweep sweep) {
        return jdbc.sql("select not exists (select 1 from removal where sweep_id = :sweep"
                        + " and outcome in ('removed', 'kept', 'failed'))")
                .param("sweep", sweep.id())
                .query(Boolean.class)
                .single();
    }

    /**
     * Records why the sweep will end as incomplete, unless it has already ended. Nothing is recorded while the pipeline
     * is stopping, so that the sweep can be resumed.
     */
    public void recordFailure(Sweep sweep, Throwable failure) {
        if (!throttle.isStopped()) {
            jdbc.sql("""
                    update sweep set reason = left(:reason, 500)
                    where id = :id and fence = :fence and state in ('reading', 'removing')""")
                    .param("reason", Failures.describe(failure))
                    .param("id", sweep.id())
                    .param("fence", sweep.fence())
                    .update();
        }
    }

    /** Ends the sweep as held, and keeps its candidates until a person approves their removal. */
    public void markHeld(Sweep sweep, String reason) {
        if (end.store(sweep, SweepState.HELD, reason, calls())) {
            end.record(sweep.id(), null);
        }
    }

    /**
     * Ends the sweep unless it has already ended: as proved when there is no reason why it is incomplete. Deletes its
     * working data in the same transaction, but not the candidates of a held sweep. While the pipeline is stopping, a
     * sweep that has not ended is left as it is. A sweep that ended at its deadline stays incomplete.
     *
     * @return the result of the sweep, or its present state when it has not ended
     */
    public SweepSummary close(Sweep sweep) {
        SweepSummary open = history.of(sweep.id());
        if (open.state() == SweepState.INCOMPLETE) {
            return open;
        }
        if (throttle.isStopped() && !open.isEnded()) {
            jdbc.sql("update sweep set calls = calls + :calls where id = :id and fence = :fence")
                    .param("calls", calls())
                    .param("id", sweep.id())
                    .param("fence", sweep.fence())
                    .update();
            return open;
        }
        String reason = open.reason() != null ? open.reason() : incompleteReason(sweep, open.state());
        MirrorRoot root = null;
        if (reason == null && !open.isEnded()) {
            try {
                root = certificates.mirrorRoot();
            } catch (RuntimeException e) {
                reason = Failures.describe(e);
            }
        }
        finish(sweep, reason, root);
        SweepSummary closed = history.of(sweep.id());
        recordEnd(closed.state());
        return closed;
    }

    /** @param root the root of the mirror if the sweep has not ended and is proved, otherwise null */
    private void finish(Sweep sweep, String reason, MirrorRoot root) {
        transaction.executeWithoutResult(status -> {
            // No other process has written an offer since the root was computed.
            lease.require(sweep.fence());
            SweepState state = reason == null ? SweepState.PROVED : SweepState.INCOMPLETE;
            boolean hasEnded = end.store(sweep, state, reason, calls());
            end.deleteWorkingData(sweep);
            if (hasEnded) {
                end.record(sweep.id(), root);
            }
        });
    }

    private void recordEnd(SweepState state) {
        Duration duration = Duration.between(openedAt, clock.instant());
        synchronized (ended) {
            ended.merge(state, Ended.NONE.plus(duration), (known, one) -> known.plus(duration));
        }
    }

    /** Returns the sweeps that this process has ended in a state: proved, held or incomplete. */
    public Ended ended(SweepState state) {
        synchronized (ended) {
            return ended.getOrDefault(state, Ended.NONE);
        }
    }

    /** Releases the lease of the sweep, so that other processes can sweep. */
    public void releaseLease(Sweep sweep) {
        lease.release(sweep.fence());
    }

    /** Returns the number of calls to the source since this process began or resumed the current sweep. */
    public long calls() {
        return throttle.calls() - callsAtStart;
    }

    private boolean isEverySliceProved(Sweep sweep) {
        return jdbc.sql("select not exists (select 1 from slice where sweep_id = :id"
                        + " and state not in ('proved', 'split'))")
                .param("id", sweep.id())
                .query(Boolean.class)
                .single();
    }

    /** Returns why a sweep that has not ended is incomplete, or null when it is proved. */
    private String incompleteReason(Sweep sweep, SweepState state) {
        if (state == SweepState.READING) {
            return jdbc.sql("""
                    select reason from slice where sweep_id = :sweep and state = 'unproved' and reason is not null
                    order by id limit 1""")
                    .param("sweep", sweep.id())
                    .query(String.class)
                    .optional()
                    .orElse(
                            isEverySliceProved(sweep)
                                    ? "the source says that it has no offer at all"
                                    : "not every slice was read");
        }
        boolean done = jdbc.sql("select not exists (select 1 from removal where sweep_id = :sweep"
                        + " and outcome in ('pending', 'gone', 'failed'))")
                .param("sweep", sweep.id())
                .query(Boolean.class)
                .single();
        return done ? null : "a hook failed for some candidates, so they were kept";
    }

    private static Sweep sweep(ResultSet row, long fence) throws SQLException {
        return new Sweep(
                row.getLong("id"),
                UtcTime.instant(row, "started_at"),
                List.of(row.getString("origines").split(",")),
                fence);
    }
}
