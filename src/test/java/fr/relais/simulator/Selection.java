package fr.relais.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * All offers that a search matched in one state of the base.
 *
 * @param offers in the order of the search
 * @param facets the array {@code filtresPossibles}, as JSON
 */
record Selection(List<StoredOffer> offers, byte[] facets) {

    /** Returns a selection of offers, with their facets counted. */
    static Selection of(List<StoredOffer> offers) {
        Map<List<String>, Integer> combinations = new IdentityHashMap<>();
        offers.forEach(offer -> combinations.merge(offer.traits().facets(), 1, Integer::sum));
        ArrayNode facets = JsonNodeFactory.instance.arrayNode();
        for (Facet facet : Facet.values()) {
            Map<String, Integer> counts = new TreeMap<>();
            combinations.forEach((values, count) -> counts.merge(values.get(facet.ordinal()), count, Integer::sum));
            ObjectNode entry = facets.addObject().put("filtre", facet.parameter());
            ArrayNode values = entry.putArray("agregation");
            counts.forEach((value, count) ->
                    values.addObject().put("valeurPossible", value).put("nbResultats", count));
        }
        return new Selection(offers, facets.toString().getBytes(UTF_8));
    }

    /** Returns this selection with each group of offers created in the same second rotated by some places. */
    Selection withTiesRotated(int places) {
        List<StoredOffer> rotated = new ArrayList<>(offers);
        int start = 0;
        for (int end = 1; end <= rotated.size(); end++) {
            boolean tied = end < rotated.size()
                    && rotated.get(end).created().equals(rotated.get(start).created());
            if (!tied) {
                Collections.rotate(rotated.subList(start, end), places);
                start = end;
            }
        }
        return new Selection(rotated, facets);
    }
}
