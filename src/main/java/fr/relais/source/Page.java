package fr.relais.source;

import java.util.List;
import java.util.Map;
import java.util.Optional;

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

    /** The facets that are partitions, by the name they share with the source's parameter. */
    public static final List<String> PARTITIONS =
            List.of("typeContrat", "experience", "qualification", "natureContrat");

    static final Page EMPTY = new Page(0, 0, List.of(), List.of(), Map.of());

    /** The total by the facets that are partitions, when all of them are there and agree: a second opinion on {@code total}. */
    Optional<Integer> counted() {
        List<Integer> sums = PARTITIONS.stream()
                .map(facet -> facets.getOrDefault(facet, Map.of()))
                .filter(counts -> !counts.isEmpty())
                .map(counts ->
                        counts.values().stream().mapToInt(Integer::intValue).sum())
                .toList();
        return sums.size() == PARTITIONS.size() && sums.stream().distinct().count() == 1
                ? Optional.of(sums.get(0))
                : Optional.empty();
    }
}
