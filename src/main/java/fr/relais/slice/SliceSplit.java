package fr.relais.slice;

import fr.relais.source.Page;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The ways to split a slice into pieces that cover it. A slice is split when it changes while it is read, or when it is
 * one second with too many offers.
 */
final class SliceSplit {

    private SliceSplit() {}

    /**
     * Splits the slice into two pieces of about the same size.
     *
     * @param dates the creation dates of the slice's offers, as labelled by the source
     */
    static List<Slice> byDate(Slice slice, List<Instant> dates) {
        Instant cut = slice.middle();
        if (!dates.isEmpty()) {
            List<Instant> sorted = dates.stream().sorted().toList();
            // The labels may be in another time zone than the filter. If some lie outside the slice, the median is
            // shifted by the same amount that would move them inside.
            Duration tooLate = Duration.between(slice.to(), sorted.get(sorted.size() - 1));
            Duration tooEarly = Duration.between(sorted.get(0), slice.from());
            Instant median = sorted.get(sorted.size() / 2);
            if (!tooLate.isNegative()) {
                median = median.minus(tooLate);
            } else if (!tooEarly.isNegative()) {
                median = median.plus(tooEarly);
            }
            cut = slice.contains(median) ? median : cut;
        }
        return List.of(slice.piece(cut, slice.to()), slice.piece(slice.from(), cut));
    }

    /** Whether there is a facet that divides the slice. */
    static boolean hasFacet(Slice slice, Page firstPage) {
        return bestFacet(slice, firstPage).isPresent();
    }

    /** Splits the slice by the facet that divides it best. Requires {@link #hasFacet}. */
    static List<Slice> byFacet(Slice slice, Page firstPage) {
        String facet = bestFacet(slice, firstPage).orElseThrow();
        return firstPage.facets().get(facet).entrySet().stream()
                .filter(value -> value.getValue() > 0)
                .map(value -> slice.pieceWhere(
                        facet + "=" + URLEncoder.encode(value.getKey(), StandardCharsets.UTF_8) + "&",
                        value.getValue()))
                .toList();
    }

    /** Returns the facet that divides the slice best: the one whose largest piece is the smallest. */
    private static Optional<String> bestFacet(Slice slice, Page firstPage) {
        String best = null;
        int smallest = firstPage.total();
        for (String facet : Page.PARTITIONS) {
            Collection<Integer> counts =
                    firstPage.facets().getOrDefault(facet, Map.of()).values();
            int sum = counts.stream().mapToInt(Integer::intValue).sum();
            int largest = counts.stream().mapToInt(Integer::intValue).max().orElse(smallest);
            if (!slice.hasConditionOn(facet) && sum == firstPage.total() && largest < smallest) {
                best = facet;
                smallest = largest;
            }
        }
        return Optional.ofNullable(best);
    }
}
