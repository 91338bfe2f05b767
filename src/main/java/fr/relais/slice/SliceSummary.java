package fr.relais.slice;

import java.time.Instant;

/**
 * A slice of a sweep and how far it has come.
 *
 * @param origine the source's {@code origineOffre}
 * @param createdFrom earliest creation date of its offers, in the time zone of the source's filter
 * @param createdTo latest creation date, likewise
 * @param facets further conditions of the query ({@code typeContrat=CDI&experience=2&}); empty when there are none
 * @param expected expected number of offers, or null when it is unknown
 * @param total number of offers, or null while the slice is not proved
 * @param reason why the slice is unproved, or null
 * @param readFrom when its last reading began, by the clock of the database; null when nobody has read it
 * @param readTo when that reading ended, likewise; null while it is being read
 */
public record SliceSummary(
        long id,
        String origine,
        Instant createdFrom,
        Instant createdTo,
        String facets,
        Integer expected,
        Integer total,
        SliceState state,
        String reason,
        Instant readFrom,
        Instant readTo) {}
