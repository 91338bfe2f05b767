package fr.relais.offer;

import fr.relais.source.Page;
import java.util.List;
import java.util.Map;

/**
 * What a page changes in the mirror.
 *
 * @param page the page without the records that turned out to be unusable; these are among its set-aside ones
 * @param offers created and updated offers, sorted by id so that pages written side by side do not block each other
 * @param seen ids of all its offers as a JSON array, sorted likewise
 */
public record Changes(Page page, List<Offer> offers, String seen) {

    /** Whether there are offers to write. */
    public boolean hasOffers() {
        return !offers.isEmpty();
    }

    /** Whether there are records to set aside. */
    public boolean hasSetAside() {
        return !page.setAside().isEmpty();
    }

    /** The offers as rows for the upsert, by the names of its parameters. */
    public List<Map<String, Object>> rows() {
        return offers.stream().map(Offer::row).toList();
    }

    /** Identity: Camel looks up what an expression may call by the hash of its target, and a page's content is large. */
    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }
}
