package fr.relais.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The body of the answer to a search.
 *
 * @param offers the records of the page, in order
 * @param facets the array {@code filtresPossibles}, as JSON
 */
record SearchBody(List<byte[]> offers, byte[] facets) {

    private static final byte[] BEFORE_OFFERS = "{\"resultats\":[".getBytes(UTF_8);
    private static final byte[] BETWEEN_OFFERS = ",".getBytes(UTF_8);
    private static final byte[] BEFORE_FACETS = "],\"filtresPossibles\":".getBytes(UTF_8);
    private static final byte[] AFTER_FACETS = "}".getBytes(UTF_8);

    /** Returns the body in parts. The offers are the stored arrays, which saves a copy of half a megabyte. */
    List<byte[]> parts() {
        List<byte[]> parts = new ArrayList<>(2 * offers.size() + 4);
        parts.add(BEFORE_OFFERS);
        for (int i = 0; i < offers.size(); i++) {
            if (i > 0) {
                parts.add(BETWEEN_OFFERS);
            }
            parts.add(offers.get(i));
        }
        parts.add(BEFORE_FACETS);
        parts.add(facets);
        parts.add(AFTER_FACETS);
        return parts;
    }

    /** Returns the body of an answer that was made from {@link #parts}; empty for any other answer. */
    static Optional<SearchBody> of(Answer answer) {
        List<byte[]> parts = answer.body();
        // Compares the identity, because a body with the same text may have other parts.
        if (parts.isEmpty() || parts.get(0) != BEFORE_OFFERS) {
            return Optional.empty();
        }
        int end = parts.size() - 3;
        List<byte[]> offers = IntStream.range(1, end)
                .filter(i -> i % 2 == 1)
                .mapToObj(parts::get)
                .toList();
        return Optional.of(new SearchBody(offers, parts.get(end + 1)));
    }
}
