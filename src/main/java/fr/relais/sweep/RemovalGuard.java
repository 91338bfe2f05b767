package fr.relais.sweep;

import org.springframework.jdbc.core.simple.JdbcClient;

/** Stops a sweep that would remove suspiciously much: a person should look first. */
public final class RemovalGuard {

    private final JdbcClient jdbc;
    private final double share;
    private final long number;

    /**
     * @param share the largest share of the mirror, 0 to 1, that one sweep may remove
     * @param number so many offers may be removed whatever their share
     */
    public RemovalGuard(JdbcClient jdbc, double share, long number) {
        this.jdbc = jdbc;
        this.share = share;
        this.number = number;
    }

    /** Whether the sweep has more candidates than the guard allows. */
    public boolean isExceeded(long sweepId) {
        return isExceeded(candidates(sweepId), stock());
    }

    boolean isExceeded(long candidates, long stock) {
        // A source that has nothing at all any more is not believed, however little it had.
        return (double) candidates / stock > share && (candidates > number || candidates == stock);
    }

    /** What to tell the person. */
    public String reason(long sweepId) {
        return candidates(sweepId) + " of " + stock()
                + " offers would be removed, more than relais.removal.guard allows;"
                + " if the source really dropped them: approve-removals " + sweepId;
    }

    private long candidates(long sweepId) {
        return jdbc.sql("select count(*) from removal where sweep_id = :sweep and outcome = 'pending'")
                .param("sweep", sweepId)
                .query(Long.class)
                .single();
    }

    private long stock() {
        return jdbc.sql("select count(*) from offer").query(Long.class).single();
    }
}
