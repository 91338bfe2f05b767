package fr.relais.sweep;

import org.springframework.jdbc.core.simple.JdbcClient;

/** The limit on what one sweep may remove without the approval of a person. */
public final class RemovalGuard {

    private final JdbcClient jdbc;
    private final double share;
    private final long number;

    /**
     * @param share the largest share of the mirror, 0 to 1, that one sweep may remove
     * @param number the number of offers that one sweep may remove whatever their share, unless the mirror would become
     *     empty
     */
    public RemovalGuard(JdbcClient jdbc, double share, long number) {
        this.jdbc = jdbc;
        this.share = share;
        this.number = number;
    }

    /** Whether the sweep has more candidates than the guard allows. */
    public boolean isExceeded(long sweepId) {
        return isExceeded(candidates(sweepId), mirrored());
    }

    boolean isExceeded(long candidates, long mirrored) {
        // An empty source is suspicious even if the mirror has few offers.
        return (double) candidates / mirrored > share && (candidates > number || candidates == mirrored);
    }

    /** Returns why the sweep is held, and how to approve its removals. */
    public String reason(long sweepId) {
        return candidates(sweepId) + " of " + mirrored()
                + " offers would be removed, more than relais.removal.guard allows;"
                + " if the source has really dropped them, run approve-removals " + sweepId;
    }

    private long candidates(long sweepId) {
        return jdbc.sql("select count(*) from removal where sweep_id = :sweep and outcome = 'pending'")
                .param("sweep", sweepId)
                .query(Long.class)
                .single();
    }

    private long mirrored() {
        return jdbc.sql("select count(*) from offer").query(Long.class).single();
    }
}
