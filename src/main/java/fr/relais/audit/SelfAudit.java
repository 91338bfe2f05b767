package fr.relais.audit;

import java.time.Instant;
import java.util.List;

/**
 * The result of one self-audit: random offers of the mirror, compared with what the source shows for their ids.
 *
 * @param at when it ended
 * @param equal offers whose content is the same
 * @param changed offers that the source has updated since the mirror read them; not compared
 * @param gone offers that the source no longer shows; not compared
 * @param unanswered offers for which the source gave no usable answer, or that differ and could not be decided; not
 *     compared
 * @param different offers whose content still differs after a sweep has read them again
 * @param fields the names of the fields that differ; never a value
 */
public record SelfAudit(
        Instant at, int equal, int changed, int gone, int unanswered, int different, List<String> fields) {

    /** Returns the number of offers that were compared. */
    public int compared() {
        return equal + different;
    }

    /** Returns the upper bound of the share of all offers that differ, with 95 % confidence; from 0 to 1. */
    public double bound() {
        return ErrorBound.of(compared(), different);
    }
}
