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
 * The filters and the order of a search, without its range.
 *
 * @param origine the requested origin, or null for all
 * @param newestFirst true for the order by creation date, newest first; otherwise offers of origin 1 come first
 * @param from earliest true creation date, inclusive
 * @param to latest true creation date, inclusive
 * @param facets the accepted values of each facet that has a filter
 * @param departements the accepted codes of départements; empty for all
 * @param communes the accepted INSEE codes of communes; empty for all
 * @param codesRome the accepted ROME codes; empty for all
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

    /**
     * Parses the parameters of a search, and ignores unknown ones.
     *
     * @throws InvalidParameter when the API would answer 400
     */
    static SearchCriteria parse(Map<String, String> parameters, SimulatorOptions options) {
        Instant from = Instant.MIN;
        Instant to = Instant.MAX;
        if (parameters.containsKey("minCreationDate") || parameters.containsKey("maxCreationDate")) {
            Instant min = date(parameters, "minCreationDate");
            Instant max = date(parameters, "maxCreationDate");
            if (min.isAfter(max)) {
                throw new InvalidParameter("La date « minCreationDate » doit précéder « maxCreationDate ».");
            }
            // Creation dates are whole seconds, so an exclusive bound equals an inclusive bound one second away.
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

    /** Whether the origin and the creation date of an offer match. */
    boolean matchesOriginAndDate(StoredOffer offer) {
        return (origine == null || origine.equals(offer.origine()))
                && !offer.created().isBefore(from)
                && !offer.created().isAfter(to);
    }

    /** Whether the other properties of an offer match. */
    boolean matchesTraits(Traits traits) {
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

    /** Returns the comma-separated values of a parameter; empty when it is not given. */
    private static Set<String> values(Map<String, String> parameters, String name, int max) {
        if (!parameters.containsKey(name)) {
            return Set.of();
        }
        String[] values = parameters.get(name).split(",");
        if (values.length > max) {
            throw new InvalidParameter("Le paramètre « %s » accepte au plus %d valeurs.".formatted(name, max));
        }
        return Set.copyOf(Arrays.asList(values));
    }

    private static InvalidParameter invalid(String name) {
        return new InvalidParameter("Valeur du paramètre « %s » incorrecte.".formatted(name));
    }
}
