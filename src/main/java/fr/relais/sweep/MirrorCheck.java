package fr.relais.sweep;

/**
 * The result of comparing the mirror with the certificate of the newest proved sweep.
 *
 * @param sweep the id of that sweep, or null when no sweep has a certificate
 */
public record MirrorCheck(Outcome outcome, Long sweep) {

    /** How the mirror compares with the certificate. */
    public enum Outcome {
        /** The mirror has exactly the offers of the certificate. */
        EQUAL,
        /** Since then, an offer was added, changed or removed although no sweep has begun; or its digest is wrong. */
        DIFFERENT,
        /** The certificate is not the one whose hash is in the ledger. */
        FORGED,
        /** The offers were wiped after the sweep, at the end of the licence. */
        WIPED,
        /** A later sweep has begun, and may have changed the mirror. The next proved sweep has a certificate again. */
        LATER_SWEEP,
        /** No sweep has been proved yet. */
        NO_CERTIFICATE
    }

    /** Returns whether the comparison has found nothing wrong. */
    public boolean isIntact() {
        return outcome != Outcome.DIFFERENT && outcome != Outcome.FORGED;
    }

    /** Returns the result as a sentence. */
    @Override
    public String toString() {
        return switch (outcome) {
            case EQUAL -> "The mirror equals the certificate of sweep " + sweep + ".";
            case DIFFERENT ->
                "The mirror differs from the certificate of sweep " + sweep + ", although no sweep has begun since.";
            case FORGED -> "The certificate of sweep " + sweep + " is not the one whose hash is in the ledger.";
            case WIPED -> "The mirror was wiped after sweep " + sweep + ".";
            case LATER_SWEEP ->
                "The mirror cannot be compared with the certificate of sweep " + sweep
                        + ", because a later sweep has begun.";
            case NO_CERTIFICATE -> "The mirror cannot be compared, because no sweep has a certificate yet.";
        };
    }
}
