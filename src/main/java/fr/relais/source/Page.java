package fr.relais.source;

import java.util.List;
import java.util.Map;

/**
 * One answer to a search.
 *
 * @param first position of its first offer, from 0
 * @param total offers that the question matched when it was answered
 * @param offers the offers, in the order received
 * @param setAside records of the page that are no usable offer
 * @param facets offers by value of each facet ({@code typeContrat}, ...), as counted by the source
 */
public record Page(
        int first,
        int total,
        List<ReceivedOffer> offers,
        List<SetAside> setAside,
        Map<String, Map<String, Integer>> facets) {

    static final Page EMPTY = new Page(0, 0, List.of(), List.of(), Map.of());
}
