package fr.relais.simulator;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;

/**
 * Which offers a search selects and in which order, whatever page of them it asks for.
 *
 * @param origine the only origin wanted; null: all
 * @param newestFirst by creation date; otherwise origin 1 first
 * @param from earliest true creation date, included
 * @param to latest true creation date, included
 * @param facets accepted values of the facets that are filtered on
 * @param departements accepted ones; empty: all
 * @param communes accepted ones; empty: all
 * @param codesRome accepted ones; empty: all
 */
record SearchCriteria(
        String origine,
        boolean newestFirst,
        Instant from,
        Instant to,
        Map<Facet, Set<String>> facets,
        Set<String> departements,
        Set<String> communes,
        Set<String> codesRome) {

    private static final Set<String> DAYS_PUBLISHED = Set.of("1", "3", "7", "14", "31");
    private static final Set<String> EXPERIENCES = Set.of("0", "1", "2", "3", "4");
    private static final Set<String> QUALIFICATIONS = Set.of("0", "9");

    /** Reads a search's parameters, ignores those unknown; throws InvalidParameter where the API answers 400. */
    static SearchCriteria parse(Map<String, String> parameters, SimulatorOptions options) {
        Instant from = Instant.MIN;
        Instant to = Instant.MAX;
        if (parameters.containsKey("minCreationDate") || parameters.containsKey("maxCreationDate")) {
            Instant min = date(parameters, "minCreationDate");
            Instant max = date(parameters, "maxCreationDate");
            if (min.isAfter(max)) {
                throw new InvalidParameter("La date « minCreationDate » doit précéder « maxCreationDate ».");
            }
            // Creation dates are whole seconds, so an excluded bound is the next second, included.
            from = min.minus(options.filterShift()).plusSeconds(options.bounds() == Bounds.LOWER_EXCLUSIVE ? 1 : 0);
            to = max.minus(options.filterShift()).minusSeconds(options.bounds() == Bounds.UPPER_EXCLUSIVE ? 1 : 0);
        }
        if (parameters.containsKey("publieeDepuis")) {
            Instant earliest = publishedSince(parameters.get("publieeDepuis"), options);
            from = earliest.isAfter(from) ? earliest : from;
        }
        return new SearchCriteria(
                parameters.get("origineOffre"),
                "1".equals(parameters.get("sort")),
                from,
                to,
                facets(parameters),
                values(parameters, "departement", 5),
                values(parameters, "commune", 5),
                values(parameters, "codeROME", 200));
    }

    /** Whether an offer is of an origin and a creation date that are wanted. */
    boolean reach(StoredOffer offer) {
        return (origine == null || origine.equals(offer.origine()))
                && !offer.created().isBefore(from)
                && !offer.created().isAfter(to);
    }

    /** Whether an offer of an origin and a creation date that are wanted is wanted for the rest, too. */
    boolean accept(Traits traits) {
        for (Map.Entry<Facet, Set<String>> wanted : facets.entrySet()) {
            if (!wanted.getValue().contains(traits.value(wanted.getKey()))) {
                return false;
            }
        }
        return acceptsAny(departements, traits.departement())
                && acceptsAny(communes, traits.commune())
                && acceptsAny(codesRome, traits.codeRome());
    }

    private static boolean acceptsAny(Set<String> wanted, String value) {
        return wanted.isEmpty() || wanted.contains(value);
    }

    private static Instant date(Map<String, String> parameters, String name) {
        String text = parameters.get(name);
        if (text == null) {
            throw new InvalidParameter(
                    "Les paramètres « minCreationDate » et « maxCreationDate » doivent être fournis ensemble.");
        }
        try {
            return OfferDate.fromFilter(text);
        } catch (DateTimeParseException e) {
            throw new InvalidParameter(
                    "Format du paramètre « %s » incorrect. yyyy-MM-dd'T'HH:mm:ss'Z' attendu.".formatted(name));
        }
    }

    private static Instant publishedSince(String days, SimulatorOptions options) {
        if (!DAYS_PUBLISHED.contains(days)) {
            throw invalid("publieeDepuis");
        }
        Instant now = options.clock().instant().truncatedTo(ChronoUnit.SECONDS);
        return now.minus(Duration.ofDays(Integer.parseInt(days)));
    }

    private static Map<Facet, Set<String>> facets(Map<String, String> parameters) {
        Map<Facet, Set<String>> facets = new EnumMap<>(Facet.class);
        for (Facet facet : Facet.values()) {
            Set<String> wanted = values(parameters, facet.parameter(), Integer.MAX_VALUE);
            boolean known =
                    switch (facet) {
                        case EXPERIENCE -> EXPERIENCES.containsAll(wanted);
                        case QUALIFICATION -> QUALIFICATIONS.containsAll(wanted);
                        case TYPE_CONTRAT, NATURE_CONTRAT -> true;
                    };
            if (!known) {
                throw invalid(facet.parameter());
            }
            if (!wanted.isEmpty()) {
                facets.put(facet, wanted);
            }
        }
        return facets;
    }

    /** The values of a parameter, which are separated by commas; empty if it is not given. */
    private static Set<String> values(Map<String, String> parameters, String name, int most) {
        if (!parameters.containsKey(name)) {
            return Set.of();
        }
        String[] values = parameters.get(name).split(",");
        if (values.length > most) {
            throw new InvalidParameter("Le paramètre « %s » accepte au plus %d valeurs.".formatted(name, most));
        }
        return Set.copyOf(Arrays.asList(values));
    }

    private static InvalidParameter invalid(String name) {
        return new InvalidParameter("Valeur du paramètre « %s » incorrecte.".formatted(name));
    }
}
