package fr.relais.offer;

import fr.relais.source.Page;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a page changes in the mirror.
 *
 * @param page the page, in which offers that turned out to be unusable have been moved to the records set aside
 * @param offers created and updated offers, sorted by id so that pages written concurrently do not block each other
 * @param seen ids of all offers of the page as a JSON array, sorted likewise
 */
public record Changes(Page page, List<Offer> offers, String seen) {

    /** Whether there are offers to write. */
    public boolean hasOffers() {
        return !offers.isEmpty();
    }

    /** Returns the offers as rows for the upsert, keyed by the names of its parameters. */
    public List<Map<String, Object>> rows() {
        return offers.stream().map(Offer::row).toList();
    }

    /** Returns the offers to write as a JSON array, without their content: {@code [{"id":"123ABCD","isNew":true}]}. */
    public String written() {
        return offers.stream()
                // An id has no characters that need escaping, see OfferId.
                .map(offer -> "{\"id\":\"" + offer.id() + "\",\"isNew\":" + offer.isNew() + "}")
                .collect(Collectors.joining(",", "[", "]"));
    }

    /** Compares by identity. Camel hashes the target of each expression, which would be slow with a page's content. */
    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }
}
