package fr.relais.ledger;

import java.util.Optional;

/**
 * The result of a check of the whole ledger.
 *
 * @param head the last entry that was checked
 * @param fault the first entry that is wrong; empty when the ledger is intact
 */
public record Verification(Anchor head, Optional<Fault> fault) {

    /**
     * What is wrong.
     *
     * @param number the number of the first wrong entry
     * @param problem what is wrong with it, as the end of a sentence
     */
    public record Fault(long number, String problem) {

        @Override
        public String toString() {
            return "Entry " + number + " " + problem;
        }
    }

    /** Returns whether the ledger is as it was written. */
    public boolean isIntact() {
        return fault.isEmpty();
    }
}
