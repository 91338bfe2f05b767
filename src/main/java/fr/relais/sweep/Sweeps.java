package fr.relais.sweep;

import fr.relais.source.Throttle;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.GeneratedKeyHolder;

/** The table {@code sweep}: begins sweeps, one at a time, and says what came of them. */
public final class Sweeps {

    private final JdbcClient jdbc;
    private final Lease lease;
    private final Throttle throttle;
    private final List<String> origines;
    private final Clock clock;
    private volatile long callsBefore;

    public Sweeps(JdbcClient jdbc, Lease lease, Throttle throttle, List<String> origines, Clock clock) {
        this.jdbc = jdbc;
        this.lease = lease;
        this.throttle = throttle;
        this.origines = origines;
        this.clock = clock;
    }

    /** Begins a sweep, or returns null when one is under way. A sweep that a dead process left is abandoned. */
    public Sweep open() throws InterruptedException {
        if (!lease.take()) {
            return null;
        }
        try {
            jdbc.sql("update sweep set state = 'abandoned', ended_at = :now where state in ('reading', 'removing')")
                    .param("now", now())
                    .update();
            forget();
            callsBefore = throttle.calls();
            Instant startedAt = clock.instant().truncatedTo(ChronoUnit.MILLIS);
            GeneratedKeyHolder key = new GeneratedKeyHolder();
            jdbc.sql("insert into sweep (origines, started_at, state) values (:origines, :now, 'reading')")
                    .param("origines", String.join(",", origines))
                    .param("now", LocalDateTime.ofInstant(startedAt, ZoneOffset.UTC))
                    .update(key, "id");
            return new Sweep(key.getKeyAs(Number.class).longValue(), startedAt, origines);
        } catch (RuntimeException e) {
            lease.release();
            throw e;
        }
    }

    /** Whether every slice is proved and nobody took the lease meanwhile, which alone lets the sweep remove offers. */
    public boolean isProved(Sweep sweep) {
        return jdbc.sql("""
                select not exists (select 1 from slice where sweep_id = :sweep and state not in ('proved', 'split'))
                   and exists (select 1 from slice where sweep_id = :sweep and state = 'proved')
                   and exists (select 1 from sweep where id = :sweep and state = 'reading')""").param("sweep", sweep.id()).query(Boolean.class).single();
    }

    /** All candidates have been dealt with: the mirror is what the sweep saw. */
    public void complete(Sweep sweep) {
        boolean done = jdbc.sql(
                        "select not exists (select 1 from removal where sweep_id = :sweep and outcome in ('pending', 'unknown'))")
                .param("sweep", sweep.id())
                .query(Boolean.class)
                .single();
        settle(
                sweep,
                done ? "proved" : "incomplete",
                done ? null : "the source did not say of every offer whether it is gone");
    }

    /** Ends the sweep before its time. */
    public void fail(Sweep sweep, Throwable failure) {
        settle(sweep, "incomplete", Outcome.reason(failure));
    }

    /** Ends the sweep in the given state, unless an earlier step already said otherwise. */
    public void settle(Sweep sweep, String state, String reason) {
        jdbc.sql(
                        "update sweep set state = :state, reason = left(:reason, 500) where id = :id and state in ('reading', 'removing')")
                .param("state", state)
                .param("reason", reason)
                .param("id", sweep.id())
                .update();
    }

    /** Counts what the sweep did, forgets its working data, gives back the lease. */
    public SweepSummary close(Sweep sweep) {
        try {
            settle(sweep, "incomplete", unprovedReason(sweep));
            jdbc.sql("""
                    update sweep w set
                      ended_at = :now, calls = :calls,
                      created = (select count(*) from offer where changed_sweep = w.id and created_sweep = w.id),
                      updated = (select count(*) from offer where changed_sweep = w.id and created_sweep <> w.id),
                      unchanged = (select count(*) from sighting where sweep_id = w.id) - created - updated,
                      removed = (select count(*) from removal where sweep_id = w.id and outcome = 'removed'),
                      out_of_scope = (select count(*) from removal where sweep_id = w.id and outcome = 'out of scope'),
                      kept = (select count(*) from removal where sweep_id = w.id and outcome not in ('removed', 'out of scope')),
                      set_aside = (select count(*) from set_aside where sweep_id = w.id)
                    where id = :id""")
                    .param("now", now())
                    .param("calls", throttle.calls() - callsBefore)
                    .param("id", sweep.id())
                    .update();
            forget();
            return jdbc.sql("select * from sweep where id = :id")
                    .param("id", sweep.id())
                    .query(this::summary)
                    .single();
        } finally {
            lease.release();
        }
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

    /** The last sweeps, newest first. */
    public List<SweepSummary> last(int count) {
        return jdbc.sql("select * from sweep order by id desc limit :count")
                .param("count", count)
                .query(this::summary)
                .list();
    }

    private SweepSummary summary(ResultSet row, int number) throws SQLException {
        LocalDateTime startedAt = row.getObject("started_at", LocalDateTime.class);
        LocalDateTime endedAt = row.getObject("ended_at", LocalDateTime.class);
        return new SweepSummary(
                row.getLong("id"),
                startedAt.toInstant(ZoneOffset.UTC),
                row.getString("state"),
                row.getString("reason"),
                Duration.between(startedAt, endedAt == null ? now() : endedAt),
                row.getInt("created"),
                row.getInt("updated"),
                row.getInt("unchanged"),
                row.getInt("removed"),
                row.getInt("out_of_scope"),
                row.getInt("kept"),
                row.getInt("set_aside"),
                row.getLong("calls"));
    }

    private String unprovedReason(Sweep sweep) {
        return jdbc.sql("""
                select reason from slice where sweep_id = :sweep and state = 'unproved' and reason is not null
                order by id limit 1""")
                .param("sweep", sweep.id())
                .query(String.class)
                .optional()
                .orElse("not every slice was read");
    }

    /** Sightings and candidates are ids of offers, some of them removed: nothing of these outlives the sweep. */
    private void forget() {
        jdbc.sql("truncate table sighting").update();
        jdbc.sql("delete from removal").update();
    }

    private LocalDateTime now() {
        return LocalDateTime.ofInstant(clock.instant(), ZoneOffset.UTC);
    }
}
