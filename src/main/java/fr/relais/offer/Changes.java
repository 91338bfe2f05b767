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

    /** The offers as rows for the upsert, by the names of its parameters. */
    public List<Map<String, Object>> rows() {
        return offers.stream().map(Offer::row).toList();
    }
}
