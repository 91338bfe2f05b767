package fr.relais.slice;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * A part of the base that one query to the source covers. The slices of a sweep are its plan, its checkpoints and its
 * units of work.
 *
 * <p>Neighbouring slices share a bound, because it is unknown whether the source includes the bounds.
 *
 * @param id key in the table {@code slice}, or 0 before the slice is stored
 * @param sweepId the sweep that the slice belongs to
 * @param origine the source's {@code origineOffre}: {@code 1} the operator's own offers, {@code 2} its partners'
 * @param from earliest creation date, in whole seconds and in the time zone of the source's filter
 * @param to latest creation date, likewise
 * @param facets further conditions of the query ({@code typeContrat=CDI&experience=2&}); empty when there are none
 * @param previous number of offers that the previous sweep proved for this slice, or null when it proved no such slice
 * @param expected expected number of offers, or null when it is unknown
 * @param zone number of hours by which the labels of the offers are ahead of the time zone of {@code from} and
 *     {@code to}, or null when it is unknown
 * @param tail ids of the offers on the last page of the window, in the order received, if that page was read before
 *     this slice was cut from a larger one; otherwise empty
 */
public record Slice(
        long id,
        long sweepId,
        String origine,
        Instant from,
        Instant to,
        String facets,
        Integer previous,
        Integer expected,
        Integer zone,
        List<String> tail) {

    /** Returns a slice with which a sweep begins, before it is stored. */
    static Slice planned(String origine, Instant from, Instant to, Integer previous) {
        return new Slice(0, 0, origine, from, to, "", previous, previous, null, List.of());
    }

    /** Whether the slice is too short to be split by date: creation dates have whole seconds. */
    boolean isOneSecond() {
        return Duration.between(from, to).getSeconds() <= 1;
    }

    boolean hasConditionOn(String facet) {
        return ("&" + facets).contains("&" + facet + "=");
    }

    /** Whether the slice can be cut at this instant. */
    boolean contains(Instant cut) {
        return cut.isAfter(from) && cut.isBefore(to);
    }

    Instant middle() {
        return from.plusSeconds(Duration.between(from, to).getSeconds() / 2);
    }

    /** Returns a piece of the slice whose size is unknown. */
    Slice piece(Instant from, Instant to) {
        return piece(from, to, null, zone, List.of());
    }

    Slice piece(Instant from, Instant to, Integer expected, Integer zone, List<String> tail) {
        return new Slice(0, sweepId, origine, from, to, facets, null, expected, zone, tail);
    }

    /** Returns the piece of the slice that meets one more condition, in the form of {@link #facets}. */
    Slice pieceWhere(String condition, int expected) {
        return new Slice(0, sweepId, origine, from, to, facets + condition, null, expected, zone, List.of());
    }
}
