package fr.relais.sweep;

import java.time.Instant;

/**
 * The removals that wait for a person's decision.
 *
 * @param sweepId the id of the held sweep
 * @param since the end of that sweep
 * @param notSeen number of candidates that the sweep did not see
 * @param outOfScope number of candidates whose origin {@code relais.source.origins} no longer names
 */
public record HeldRemovals(long sweepId, Instant since, int notSeen, int outOfScope) {

    /** The number of all candidates. */
    public int total() {
        return notSeen + outOfScope;
    }
}
