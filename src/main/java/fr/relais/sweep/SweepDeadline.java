package fr.relais.sweep;

import fr.relais.failure.RelaisException;
import java.util.function.LongSupplier;

/** The deadline of a sweep that makes no progress: half an hour, counted in renewals of its lease. */
final class SweepDeadline {

    /**
     * The number of renewals in half an hour. Renewals are counted, not time, so that a pause of the process does not
     * end the sweep.
     */
    static final int RENEWALS = 180;

    private final LongSupplier progress;
    private final Runnable end;
    private long lastProgress = -1;
    private int renewals;

    /** The reason of a sweep that ended because of its deadline. */
    static final class Exceeded extends RelaisException {
        Exceeded() {
            super(
                    "the source was not called, no slice was read and no offer was deleted for half an hour",
                    "Check your hooks, and whether a process reads slices from relais.slices.uri.");
        }
    }

    /**
     * @param progress a number that changes whenever the sweep makes progress
     * @param end ends the sweep
     */
    SweepDeadline(LongSupplier progress, Runnable end) {
        this.progress = progress;
        this.end = end;
    }

    /** Ends the sweep if it has made no progress for too long. Called before each renewal of the lease. */
    void check() {
        long now = progress.getAsLong();
        renewals = now == lastProgress ? renewals + 1 : 0;
        lastProgress = now;
        if (renewals >= RENEWALS) {
            end.run();
        }
    }
}
