package fr.relais.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The properties of an offer that the filters of a search use, besides its origin and creation date.
 *
 * @param facets one value for each {@link Facet}, in their order; equal lists are the same object, for quick counting
 * @param departement the code of the département, empty when the place of work does not contain it
 * @param commune the INSEE code, empty when not given
 * @param codeRome the ROME code, empty when not given
 */
record Traits(List<String> facets, String departement, String commune, String codeRome) {

    private static final Pattern DEPARTEMENT_OF_LABEL = Pattern.compile("(2[AB]|97\\d|\\d{2}) - ");

    private static final Map<List<String>, List<String>> FACETS = new ConcurrentHashMap<>();

    /** Returns the traits of an offer. A field that is missing or has an unexpected type counts as not given. */
    static Traits of(JsonNode offer) {
        List<String> facets = new ArrayList<>();
        for (Facet facet : Facet.values()) {
            facets.add(facet.valueFor(offer));
        }
        JsonNode place = offer.path("lieuTravail");
        String commune = place.path("commune").asText("");
        return new Traits(
                FACETS.computeIfAbsent(List.copyOf(facets), same -> same),
                departement(commune, place.path("libelle").asText("")).intern(),
                commune.intern(),
                offer.path("romeCode").asText("").intern());
    }

    String value(Facet facet) {
        return facets.get(facet.ordinal());
    }

    private static String departement(String commune, String label) {
        if (commune.length() == 5) {
            return commune.substring(0, commune.startsWith("97") ? 3 : 2);
        }
        Matcher start = DEPARTEMENT_OF_LABEL.matcher(label);
        return start.lookingAt() ? start.group(1) : "";
    }
}
