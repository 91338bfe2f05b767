package fr.relais.source;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One answer to a search.
 *
 * @param first position of the page's first offer, counted from 0
 * @param total number of offers that the query matched when the source answered
 * @param offers the usable offers, in the order received
 * @param setAside the records that are not usable as offers
 * @param facets the source's counts of offers: for each facet ({@code typeContrat}, ...) the number of offers by value
 */
public record Page(
        int first,
        int total,
        List<ReceivedOffer> offers,
        List<SetAside> setAside,
        Map<String, Map<String, Integer>> facets) {

    /**
     * The facets in which each offer has exactly one value, so that their counts add up to the total. The name of a
     * facet is also the name of the source's parameter.
     */
    public static final List<String> PARTITIONS =
            List.of("typeContrat", "experience", "qualification", "natureContrat");

    static final Page EMPTY = new Page(0, 0, List.of(), List.of(), Map.of());

    /**
     * Returns the total that follows from the facets in {@link #PARTITIONS}, as a check of {@code total}. The result is
     * empty unless all of these facets are present and agree.
     */
    Optional<Integer> totalByFacets() {
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
