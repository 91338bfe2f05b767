package fr.relais.slice;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * A part of the base that one query to the source describes: the plan, the checkpoint and the unit of work of a sweep.
 *
 * <p>Neighbouring slices share their bound, because nobody knows whether the source takes its bounds as inclusive.
 *
 * @param id key in the table {@code slice}, 0 while only planned
 * @param sweepId the sweep it belongs to
 * @param origine the source's {@code origineOffre}: {@code 1} the operator's own offers, {@code 2} its partners'
 * @param from earliest creation date, whole seconds, as the source's filter understands it
 * @param to latest creation date, likewise
 * @param facets further conditions for a query string ({@code typeContrat=CDI&experience=2&}), empty when there are none
 * @param previous offers that the last proved sweep found in it, or null when that sweep knew no such slice
 * @param expected offers it is thought to hold, or null when nobody knows yet
 * @param zone by how many hours the labels of its offers are ahead of the zone of {@code from} and {@code to}, or null when
 *     nobody knows yet
 * @param tail ids already read in this sweep at the end of the window, in the order received: the slice's last page,
 *     unless its total says otherwise; empty when nothing was read ahead
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

    /** A slice with which a sweep begins, still to be stored. */
    static Slice planned(String origine, Instant from, Instant to, Integer previous) {
        return new Slice(0, 0, origine, from, to, "", previous, previous, null, List.of());
    }

    /** Creation dates have whole seconds, so this one cannot be divided by date. */
    boolean isOneSecond() {
        return Duration.between(from, to).getSeconds() <= 1;
    }

    boolean isConditionedOn(String facet) {
        return ("&" + facets).contains("&" + facet + "=");
    }

    /** Whether the slice can be cut there. */
    boolean contains(Instant cut) {
        return cut.isAfter(from) && cut.isBefore(to);
    }

    Instant middle() {
        return from.plusSeconds(Duration.between(from, to).getSeconds() / 2);
    }

    /** A part of it, of which nothing more is known. */
    Slice piece(Instant from, Instant to) {
        return piece(from, to, null, zone, List.of());
    }

    Slice piece(Instant from, Instant to, Integer expected, Integer zone, List<String> tail) {
        return new Slice(0, sweepId, origine, from, to, facets, null, expected, zone, tail);
    }

    /** Its offers that meet one condition more, written as in {@link #facets}. */
    Slice pieceWhere(String facet, int expected) {
        return new Slice(0, sweepId, origine, from, to, facets + facet, null, expected, zone, List.of());
    }
}
