package fr.relais.sweep;

import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The numbers that {@link RemovalGuard} compares.
 *
 * @param gone candidates that the sweep did not see
 * @param outOfScope candidates whose origin is out of scope
 * @param mirrored all offers of the mirror
 * @param perDay the usual removals of a day, or null when fewer than three earlier days had complete sweeps
 * @param days the time since the start of the last sweep that read the whole base, in days; at least 1
 */
public record RemovalCounts(long gone, long outOfScope, long mirrored, Double perDay, double days) {

    /** Reads the counts of a sweep whose candidates have been determined. */
    public static RemovalCounts read(JdbcClient jdbc, long sweepId) {
        return jdbc.sql("""
                select
                  (select count(*) from removal where sweep_id = w.id and outcome = 'pending') as gone,
                  (select count(*) from removal where sweep_id = w.id and outcome = 'out of scope') as out_of_scope,
                  (select count(*) from offer) as mirrored,
                  (select if(count(*) < 3, null, max(half)) from
                    (select median(removed) over () as half from
                      (select sum(removed) as removed from sweep
                       where started_at < (select date(started_at) from sweep where id = :sweep)
                       group by date(started_at)
                       having max(state in ('proved', 'restored'))
                       order by date(started_at) desc limit 14) day) days) as per_day,
                  greatest(1, coalesce((select timestampdiff(second, max(started_at), w.started_at) / 86400 from sweep
                    where state in ('proved', 'held', 'refused', 'restored') and id < w.id), 1)) as days
                from sweep w where w.id = :sweep""").param("sweep", sweepId).query(RemovalCounts.class).single();
    }
}
