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

/** Splits a slice that moves while it is read, or one second that holds too many offers, into pieces that cover it. */
final class SliceSplit {

    private SliceSplit() {}

    /**
     * Splits in two about equal pieces.
     *
     * @param dates the creation dates of its offers, as labelled by the source
     */
    static List<Slice> byDate(Slice slice, List<Instant> dates) {
        Instant cut = slice.middle();
        if (!dates.isEmpty()) {
            List<Instant> sorted = dates.stream().sorted().toList();
            // Labels may be in another zone than the filter: by how much they must be, for all offers to lie in the
            // slice.
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

    /** Whether a facet divides the slice. */
    static boolean hasFacet(Slice slice, Page firstPage) {
        return facet(slice, firstPage).isPresent();
    }

    /** Splits by the facet that divides the slice best; {@link #hasFacet} must hold. */
    static List<Slice> byFacet(Slice slice, Page firstPage) {
        String facet = facet(slice, firstPage).orElseThrow();
        return firstPage.facets().get(facet).entrySet().stream()
                .filter(value -> value.getValue() > 0)
                .map(value -> slice.pieceWhere(
                        facet + "=" + URLEncoder.encode(value.getKey(), StandardCharsets.UTF_8) + "&",
                        value.getValue()))
                .toList();
    }

    /** The facet whose largest value is the smallest. */
    private static Optional<String> facet(Slice slice, Page firstPage) {
        String best = null;
        int smallest = firstPage.total();
        for (String facet : Page.PARTITIONS) {
            Collection<Integer> counts =
                    firstPage.facets().getOrDefault(facet, Map.of()).values();
            int sum = counts.stream().mapToInt(Integer::intValue).sum();
            int largest = counts.stream().mapToInt(Integer::intValue).max().orElse(smallest);
            if (!slice.isConditionedOn(facet) && sum == firstPage.total() && largest < smallest) {
                best = facet;
                smallest = largest;
            }
        }
        return Optional.ofNullable(best);
    }
}
