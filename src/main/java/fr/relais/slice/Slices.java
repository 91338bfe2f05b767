package fr.relais.slice;

import fr.relais.database.UtcTime;
import fr.relais.failure.Failures;
import fr.relais.source.Page;
import fr.relais.sweep.Lease;
import fr.relais.sweep.Sweep;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

/**
 * The slices of the sweeps, in the table {@code slice}: what is still to be read and what has been proved. Workers take
 * slices from this table.
 */
public final class Slices {

    private final JdbcClient jdbc;
    private final TransactionOperations transaction;
    private final Lease lease;
    private final int pageSize;
    private final int window;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition sliceClosed = lock.newCondition();
    private volatile long abandonedFence;

    public Slices(JdbcClient jdbc, TransactionOperations transaction, Lease lease, int pageSize, int window) {
        this.jdbc = jdbc;
        this.transaction = transaction;
        this.lease = lease;
        this.pageSize = pageSize;
        this.window = window;
    }

    /**
     * Stores the slices with which the sweep begins. They are planned from the last sweep if that sweep was proved,
     * held or refused. A sweep that is resumed already has its slices.
     */
    public void plan(Sweep sweep) {
        if (jdbc.sql("select exists (select 1 from slice where sweep_id = :id)")
                .param("id", sweep.id())
                .query(Boolean.class)
                .single()) {
            return;
        }
        Long lastSweepId = jdbc.sql("select max(id) from sweep where id < :id and state <> 'abandoned'")
                .param("id", sweep.id())
                .query(Long.class)
                .optional()
                .orElse(null);
        transaction.executeWithoutResult(status -> {
            lease.require(sweep.fence());
            for (String origine : sweep.origines()) {
                List<Slice> proved = jdbc.sql("""
                        select 0 as id, s.sweep_id, s.origine, s.created_from, s.created_to, '' as facets,
                               sum(s.total) as previous, null as expected, null as zone, null as tail
                        from slice s join sweep w on w.id = s.sweep_id
                        where s.sweep_id = :sweep and w.state in ('proved', 'held', 'refused') and s.state = 'proved'
                          and s.origine = :origine
                        group by s.sweep_id, s.origine, s.created_from, s.created_to
                        order by s.created_to desc, s.created_from desc""")
                        .param("sweep", lastSweepId)
                        .param("origine", origine)
                        .query(Slices::slice)
                        .list();
                SlicePlan.of(origine, proved, sweep.startedAt(), window).forEach(slice -> insert(sweep.id(), slice));
            }
        });
    }

    /**
     * Takes a slice to read. Waits while no slice is planned but some are being read, because these may be split.
     *
     * @return the argument for {@link #open}, or null when the sweep has nothing left to read
     */
    public String take(Sweep sweep) throws InterruptedException {
        // The condition ends the work of this process after a stop. It also keeps workers from waiting for the slice of
        // a worker that has failed, because that slice stays in the state "reading" while the database is unavailable.
        while (abandonedFence != sweep.fence()) {
            Long id = transaction.execute(status -> {
                lease.require(sweep.fence());
                // The largest slice comes first: while one worker cuts it, the others read its pieces.
                Long next = jdbc.sql("""
                        select id from slice where sweep_id = :sweep and state = 'planned'
                        order by expected is null desc, expected desc, id limit 1 for update skip locked""")
                        .param("sweep", sweep.id())
                        .query(Long.class)
                        .optional()
                        .orElse(null);
                if (next != null) {
                    jdbc.sql("update slice set state = 'reading', read_from = utc_timestamp(3), read_to = null"
                                    + " where id = :id")
                            .param("id", next)
                            .update();
                }
                return next;
            });
            if (id != null) {
                return id + " " + sweep.fence();
            } else if (!hasOpenSlices(sweep)) {
                return null;
            }
            lock.lock();
            try {
                // The wait has a timeout, because a slice that another process finishes is not signalled here.
                sliceClosed.await(200, TimeUnit.MILLISECONDS);
            } finally {
                lock.unlock();
            }
        }
        return null;
    }

    /** Whether slices are still planned or being read. False when another process has abandoned the sweep. */
    private boolean hasOpenSlices(Sweep sweep) {
        return jdbc.sql("""
                select exists (select 1 from slice s join sweep w on w.id = s.sweep_id
                  where w.id = :sweep and w.state = 'reading' and s.state in ('planned', 'reading'))
                """).param("sweep", sweep.id()).query(Boolean.class).single();
    }

    /**
     * Begins to read a slice that was taken.
     *
     * @param taken the result of {@link #take}: the slice's id and the fence under which it was taken, which is out of
     *     date when another process has taken over since
     */
    public SliceReading open(String taken) {
        String[] idAndFence = taken.split(" ");
        // New offers are added to the newest slice all the time, so its tail is out of date.
        return jdbc.sql("""
                select s.id, sweep_id, s.origine, created_from, created_to, facets, previous, expected, zone,
                  if(created_to = (select max(created_to) from slice where sweep_id = w.id), null, tail) as tail
                from slice s join sweep w on w.id = s.sweep_id where s.id = :id""")
                .param("id", idAndFence[0])
                .query((row, number) ->
                        new SliceReading(slice(row, number), Long.parseLong(idAndFence[1]), pageSize, window))
                .single();
    }

    /**
     * Makes sure, until the end of the present transaction, that the slice is still being read. A queue may deliver a
     * slice twice, and a late page of the other reading may contain offers that the source has removed since.
     *
     * @throws Lease.Lost when another process has taken over
     * @throws IllegalStateException when the reading of the slice has ended
     */
    public void requireOpen(SliceReading reading) {
        lease.require(reading.fence());
        jdbc.sql("select id from slice where id = :id and state = 'reading' lock in share mode")
                .param("id", reading.slice().id())
                .query(Long.class)
                .optional()
                .orElseThrow(() -> new IllegalStateException("the reading of this slice has ended"));
    }

    /** Records a page whose changes were committed. */
    public void recordPage(SliceReading reading, Page page) {
        reading.recordPage(page);
    }

    /** Records that a page could not be read or committed. */
    public void recordFailure(SliceReading reading, Throwable failure) {
        reading.recordFailure(failure);
    }

    /** Decides what to read next, after all of {@link SliceReading#ranges} have been read or have failed. */
    public void decide(SliceReading reading) {
        reading.decide();
    }

    /**
     * Stores the outcome of a slice, unless the slice is closed already. The pieces of a split slice are planned in the
     * same transaction. A record that was set aside is deleted when a later reading of the slice could use it, or
     * when a piece will contain it.
     */
    public void close(SliceReading reading) {
        Slice slice = reading.slice();
        Outcome outcome = reading.outcome();
        transaction.executeWithoutResult(status -> {
            lease.require(reading.fence());
            if (outcome instanceof Outcome.Proved proved) {
                close(slice.id(), "proved", proved.total(), null);
                keepSetAside(reading, reading.setAside());
            } else if (outcome instanceof Outcome.Split split) {
                if (close(slice.id(), "split", null, null)) {
                    split.pieces().forEach(piece -> insert(slice.sweepId(), piece));
                    keepSetAside(reading, Set.of());
                }
            } else if (outcome instanceof Outcome.Unproved unproved) {
                close(slice.id(), "unproved", null, unproved.reason());
            } else if (outcome instanceof Outcome.Unread unread) {
                if (close(slice.id(), "unproved", null, unread.reason())) {
                    jdbc.sql("update slice set state = 'unproved' where sweep_id = :sweep and state = 'planned'")
                            .param("sweep", slice.sweepId())
                            .update();
                }
            } else if (outcome instanceof Outcome.Interrupted) {
                jdbc.sql("update slice set state = 'planned', tail = null, read_from = null"
                                + " where id = :id and state = 'reading'")
                        .param("id", slice.id())
                        .update();
            }
        });
        if (outcome instanceof Outcome.Interrupted) {
            // The workers of this process must not take the slice again.
            abandonedFence = reading.fence();
        }
        lock.lock();
        try {
            sliceClosed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void keepSetAside(SliceReading reading, Set<String> hashes) {
        if (reading.hasSetAside()) {
            jdbc.sql("delete from set_aside where sweep_id = :sweep and slice_id = :slice"
                            + " and not find_in_set(hash, :hashes)")
                    .param("sweep", reading.slice().sweepId())
                    .param("slice", reading.slice().id())
                    .param("hashes", String.join(",", hashes))
                    .update();
        }
    }

    /** Ends the reading of all slices of the sweep after a worker failed, so that no worker waits for its slice. */
    public void abandon(Sweep sweep, Throwable failure) {
        abandonedFence = sweep.fence();
        transaction.executeWithoutResult(status -> {
            lease.require(sweep.fence());
            jdbc.sql("""
                    update slice set read_to = if(state = 'reading', utc_timestamp(3), null), state = 'unproved',
                      reason = left(:reason, 500)
                    where sweep_id = :sweep and state in ('planned', 'reading')""")
                    .param("reason", Failures.describe(failure))
                    .param("sweep", sweep.id())
                    .update();
        });
    }

    /** Closes the slice. Returns false when it was closed already. */
    private boolean close(long id, String state, Integer total, String reason) {
        return jdbc.sql("""
                update slice set state = :state, total = :total, reason = left(:reason, 500), tail = null,
                  read_to = utc_timestamp(3)
                where id = :id and state = 'reading'""")
                        .param("state", state)
                        .param("total", total)
                        .param("reason", reason)
                        .param("id", id)
                        .update()
                == 1;
    }

    private void insert(long sweepId, Slice slice) {
        jdbc.sql("""
                insert into slice (sweep_id, origine, created_from, created_to, facets, previous, expected, zone, tail,
                  state)
                values (:sweep, :origine, :from, :to, :facets, :previous, :expected, :zone, :tail, 'planned')""")
                .param("sweep", sweepId)
                .param("origine", slice.origine())
                .param("from", UtcTime.of(slice.from()))
                .param("to", UtcTime.of(slice.to()))
                .param("facets", slice.facets())
                .param("previous", slice.previous())
                .param("expected", slice.expected())
                .param("zone", slice.zone())
                .param("tail", slice.tail().isEmpty() ? null : String.join(" ", slice.tail()))
                .update();
    }

    private static Slice slice(ResultSet row, int number) throws SQLException {
        String tail = row.getString("tail");
        return new Slice(
                row.getLong("id"),
                row.getLong("sweep_id"),
                row.getString("origine"),
                UtcTime.instant(row, "created_from"),
                UtcTime.instant(row, "created_to"),
                row.getString("facets"),
                row.getObject("previous", Integer.class),
                row.getObject("expected", Integer.class),
                row.getObject("zone", Integer.class),
                tail == null ? List.of() : List.of(tail.split(" ")));
    }
}
