package fr.relais.sweep;

import java.util.function.LongFunction;

/**
 * The limit on what one sweep may remove without the approval of a person. Offers that the source seems to have removed
 * are compared with the usual removals of a day, the median of the last 14 days with a complete sweep. Offers out of
 * scope have no usual number, because only a change of {@code relais.source.origins} puts many offers out of scope.
 */
public final class RemovalGuard {

    /** At the source, about one offer in twenty is removed each day. */
    private static final double DEFAULT_SHARE_PER_DAY = 0.05;

    private final LongFunction<RemovalCounts> counts;
    private final double share;
    private final long number;
    private final double factor;

    /**
     * @param counts reads the counts of a sweep, by its id
     * @param share the share of the mirror, 0 to 1, up to which a sweep is never held
     * @param number the number of offers up to which a sweep is never held, unless the mirror would become empty
     * @param factor the multiple of the usual removals up to which a sweep is never held
     */
    public RemovalGuard(LongFunction<RemovalCounts> counts, double share, long number, double factor) {
        this.counts = counts;
        this.share = share;
        this.number = number;
        this.factor = factor;
    }

    /** Whether the sweep would remove more than the guard allows. */
    public boolean isExceeded(long sweepId) {
        RemovalCounts counts = this.counts.apply(sweepId);
        return exceeds(counts.gone(), counts, factor * usual(counts))
                || exceeds(counts.outOfScope(), counts, 0)
                || exceeds(counts.gone() + counts.outOfScope(), counts, Double.POSITIVE_INFINITY);
    }

    private static double usual(RemovalCounts counts) {
        return counts.days() * (counts.perDay() == null ? DEFAULT_SHARE_PER_DAY * counts.mirrored() : counts.perDay());
    }

    private boolean exceeds(long candidates, RemovalCounts counts, double usual) {
        // An empty source is suspicious even if the mirror has few offers.
        double limit = Math.min(counts.mirrored() - 1, Math.max(number, usual));
        return (double) candidates / counts.mirrored() > share && candidates > limit;
    }

    /** Returns why the sweep is held, and how to approve its removals. */
    public String reason(long sweepId) {
        RemovalCounts counts = this.counts.apply(sweepId);
        String offers = counts.gone() + counts.outOfScope() + " of " + counts.mirrored() + " offers would be removed";
        return exceeds(counts.outOfScope(), counts, 0)
                ? offers + ", " + counts.outOfScope() + " of them because relais.source.origins no longer names their"
                        + " origin; if that is intended, run approve-removals " + sweepId
                : offers + ", more than relais.removal.guard allows; if the source has really dropped them, run"
                        + " approve-removals " + sweepId;
    }
}
