package fr.relais.sweep;

import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The limit on what one sweep may remove without the approval of a person. Offers that the source seems to have removed
 * are compared with the usual removals of a day, the median of the last 14 days with sweeps. Offers out of scope have
 * no usual number, because only a change of {@code relais.source.origins} puts many offers out of scope.
 */
public final class RemovalGuard {

    private final JdbcClient jdbc;
    private final double share;
    private final long number;
    private final double factor;

    /**
     * The numbers that the guard compares.
     *
     * @param gone candidates that the sweep did not see
     * @param outOfScope candidates whose origin is out of scope
     * @param mirrored all offers of the mirror
     * @param perDay the usual removals of a day, or null when fewer than three earlier days had sweeps
     * @param days the time since the start of the last sweep that read the whole base, in days; at least 1
     */
    record Counts(long gone, long outOfScope, long mirrored, Double perDay, double days) {

        /** At the source, about one offer in twenty is removed each day. */
        private static final double DEFAULT_SHARE_PER_DAY = 0.05;

        double usual() {
            return days * (perDay == null ? DEFAULT_SHARE_PER_DAY * mirrored : perDay);
        }
    }

    /**
     * @param share the share of the mirror, 0 to 1, up to which a sweep is never held
     * @param number the number of offers up to which a sweep is never held, unless the mirror would become empty
     * @param factor the multiple of the usual removals up to which a sweep is never held
     */
    public RemovalGuard(JdbcClient jdbc, double share, long number, double factor) {
        this.jdbc = jdbc;
        this.share = share;
        this.number = number;
        this.factor = factor;
    }

    /** Whether the sweep would remove more than the guard allows. */
    public boolean isExceeded(long sweepId) {
        return isExceeded(counts(sweepId));
    }

    boolean isExceeded(Counts counts) {
        return exceeds(counts.gone(), counts, factor * counts.usual()) || exceeds(counts.outOfScope(), counts, 0);
    }

    private boolean exceeds(long candidates, Counts counts, double usual) {
        // An empty source is suspicious even if the mirror has few offers.
        double limit = Math.min(counts.mirrored() - 1, Math.max(number, usual));
        return (double) candidates / counts.mirrored() > share && candidates > limit;
    }

    /** Returns why the sweep is held, and how to approve its removals. */
    public String reason(long sweepId) {
        Counts counts = counts(sweepId);
        String offers = counts.gone() + counts.outOfScope() + " of " + counts.mirrored() + " offers would be removed";
        return exceeds(counts.outOfScope(), counts, 0)
                ? offers + ", " + counts.outOfScope() + " of them because relais.source.origins no longer names their"
                        + " origin; if that is intended, run approve-removals " + sweepId
                : offers + ", more than relais.removal.guard allows; if the source has really dropped them, run"
                        + " approve-removals " + sweepId;
    }

    private Counts counts(long sweepId) {
        return jdbc.sql("""
                select
                  (select count(*) from removal where sweep_id = w.id and outcome = 'pending') as gone,
                  (select count(*) from removal where sweep_id = w.id and outcome = 'out of scope') as out_of_scope,
                  (select count(*) from offer) as mirrored,
                  (select if(count(*) < 3, null, max(half)) from
                    (select median(removed) over () as half from
                      (select sum(removed) as removed from sweep
                       where started_at < (select date(started_at) from sweep where id = :sweep)
                       group by date(started_at) order by date(started_at) desc limit 14) day) days) as per_day,
                  greatest(1, coalesce((select timestampdiff(second, max(started_at), w.started_at) / 86400 from sweep
                    where state in ('proved', 'held', 'restored') and id < w.id), 1)) as days
                from sweep w where w.id = :sweep""").param("sweep", sweepId).query(Counts.class).single();
    }
}
