package fr.relais.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The body of a search answer.
 *
 * @param offers the records of the page, in order
 * @param facets the array {@code filtresPossibles}, as JSON
 */
record SearchBody(List<byte[]> offers, byte[] facets) {

    private static final byte[] BEFORE_OFFERS = "{\"resultats\":[".getBytes(UTF_8);
    private static final byte[] BETWEEN_OFFERS = ",".getBytes(UTF_8);
    private static final byte[] BEFORE_FACETS = "],\"filtresPossibles\":".getBytes(UTF_8);
    private static final byte[] AFTER_FACETS = "}".getBytes(UTF_8);

    /** The body in parts, most of them the stored bytes themselves: half a megabyte is never copied together. */
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

    /** The body of an answer that was made of {@link #parts}; empty for any other answer. */
    static Optional<SearchBody> of(Answer answer) {
        List<byte[]> parts = answer.body();
        // The very array: text that merely looks like it has other parts.
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
