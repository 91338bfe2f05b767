package fr.relais.removal;

import org.springframework.jdbc.core.simple.JdbcClient;

/** Stops a sweep that would remove suspiciously much: a person should look first. */
public final class RemovalGuard {

    /** Below this number of candidates a share says nothing. */
    static final int FEW = 1_000;

    private final JdbcClient jdbc;
    private final double share;

    /** @param share the largest share of the mirror, 0 to 1, that one sweep may remove */
    public RemovalGuard(JdbcClient jdbc, double share) {
        this.jdbc = jdbc;
        this.share = share;
    }

    /** Whether the sweep has more candidates than the guard allows. */
    public boolean isExceeded(long sweepId) {
        return isExceeded(candidates(sweepId), stock());
    }

    boolean isExceeded(long candidates, long stock) {
        return candidates > FEW && (double) candidates / stock > share;
    }

    /** What to tell the person. */
    public String reason(long sweepId) {
        return candidates(sweepId) + " offers would be removed, more than relais.removal.guard=" + share
                + " allows; if the source really dropped them, sweep once with relais.removal.guard=1";
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
