package fr.relais.web.page;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import fr.relais.web.Json;
import java.math.BigDecimal;
import java.text.Normalizer;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.unbescape.html.HtmlEscape;

/**
 * A {@code JobPosting} of schema.org for search engines, as JSON-LD. It says only what the offer says. It has no {@code
 * validThrough}, because an offer does not say until when it is valid.
 */
final class JobPosting {

    private static final JsonMapper MAPPER = new JsonMapper();

    private static final Map<String, String> EMPLOYMENT_TYPES =
            Map.of("Temps plein", "FULL_TIME", "Temps partiel", "PART_TIME");

    private static final Pattern DATE = Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z");

    /** The place of work, such as {@code 75 - PARIS 10}. */
    private static final Pattern PLACE = Pattern.compile("(\\d[\\dAB]\\d?) - (.+)");

    /** The code of a commune, or a postal code. Both begin with the number of the département. */
    private static final Pattern CODE = Pattern.compile("\\d[\\dAB]\\d{3}");

    private static final String AMOUNT = "(\\d{1,7}(?:[.,]\\d{1,2})?) Euros";

    private static final Pattern SALARY = Pattern.compile(
            "(Horaire|Mensuel|Annuel) de " + AMOUNT + "(?: à " + AMOUNT + ")?(?: sur \\d\\d(?:[.,]\\d{1,2})? mois)?");

    private static final Map<String, Unit> UNITS = Map.of(
            "Horaire", new Unit("HOUR", 5, 200),
            "Mensuel", new Unit("MONTH", 300, 20_000),
            "Annuel", new Unit("YEAR", 5_000, 250_000));

    /** The regions of France, each with the numbers of its départements. Postal codes of Corsica begin with 20. */
    private static final Map<String, String> REGIONS = regions("""
            Auvergne-Rhône-Alpes 01 03 07 15 26 38 42 43 63 69 73 74
            Bourgogne-Franche-Comté 21 25 39 58 70 71 89 90
            Bretagne 22 29 35 56
            Centre-Val de Loire 18 28 36 37 41 45
            Corse 2A 2B 20
            Grand Est 08 10 51 52 54 55 57 67 68 88
            Guadeloupe 971
            Guyane 973
            Hauts-de-France 02 59 60 62 80
            Île-de-France 75 77 78 91 92 93 94 95
            La Réunion 974
            Martinique 972
            Mayotte 976
            Normandie 14 27 50 61 76
            Nouvelle-Aquitaine 16 17 19 23 24 33 40 47 64 79 86 87
            Occitanie 09 11 12 30 31 32 34 46 48 65 66 81 82
            Pays de la Loire 44 49 53 72 85
            Provence-Alpes-Côte d’Azur 04 05 06 13 83 84
            """);

    /**
     * A unit of a salary. An amount outside its bounds was probably entered with the wrong unit.
     *
     * @param least the lowest plausible amount, in euros
     * @param most the highest plausible amount, in euros
     */
    private record Unit(String name, int least, int most) {

        boolean isPlausible(BigDecimal amount) {
            return amount.compareTo(BigDecimal.valueOf(least)) >= 0 && amount.compareTo(BigDecimal.valueOf(most)) <= 0;
        }
    }

    private JobPosting() {}

    /**
     * Describes an offer.
     *
     * @param url the address of the page
     * @return JSON that is safe inside a {@code script} element, whatever the offer contains; empty when the offer
     *     lacks something that search engines require: a title, a description, a date, or a place in France
     */
    static Optional<String> of(String id, Json offer, String url) {
        ObjectNode posting = MAPPER.createObjectNode();
        posting.put("@context", "https://schema.org").put("@type", "JobPosting");
        put(posting, "title", offer.text("intitule").filter(text -> !text.isBlank()));
        // Search engines read the description as HTML, so its text is escaped.
        put(
                posting,
                "description",
                offer.text("description").filter(text -> !text.isBlank()).map(text -> HtmlEscape.escapeHtml4Xml(
                                OfferPage.shown(text))
                        .replace("\r\n", "<br>")
                        .replace("\n", "<br>")));
        put(posting, "datePosted", offer.text("dateCreation").filter(DATE.asMatchPredicate()));
        address(offer)
                .ifPresent(address ->
                        posting.putObject("jobLocation").put("@type", "Place").set("address", address));
        if (!posting.has("title")
                || !posting.has("description")
                || !posting.has("datePosted")
                || !posting.has("jobLocation")) {
            return Optional.empty();
        }
        posting.putObject("identifier")
                .put("@type", "PropertyValue")
                .put("name", "France Travail")
                .put("value", id);
        put(
                posting.putObject("hiringOrganization").put("@type", "Organization"),
                "name",
                offer.text("entreprise", "nom").or(() -> Optional.of("Non communiqué")));
        offer.text("salaire", "libelle").flatMap(JobPosting::salary).ifPresent(value -> posting.putObject("baseSalary")
                .put("@type", "MonetaryAmount")
                .put("currency", "EUR")
                .set("value", value));
        put(posting, "employmentType", offer.text("dureeTravailLibelleConverti").map(EMPLOYMENT_TYPES::get));
        put(posting, "industry", offer.text("secteurActiviteLibelle"));
        posting.put("url", url).put("directApply", false);
        // Without "<", no text can end the element or start another. JSON has this character only in strings.
        return Optional.of(posting.toString().replace("<", "\\u003c"));
    }

    /** Returns the address of the place of work; empty when it may be abroad. */
    private static Optional<ObjectNode> address(Json offer) {
        String label = offer.text("lieuTravail", "libelle").orElse("");
        String postalCode = offer.text("lieuTravail", "codePostal").orElse("");
        String commune = offer.text("lieuTravail", "commune").orElse("");
        boolean isFrance = label.equals("France");
        // Other countries have postal codes of five digits, too.
        String code = !commune.isEmpty() ? commune : isFrance ? postalCode : "";
        Matcher place = PLACE.matcher(label);
        String region;
        if (place.matches()) {
            region = REGIONS.get(place.group(1));
        } else if (CODE.matcher(code).matches()) {
            region = REGIONS.get(code.substring(0, code.startsWith("97") ? 3 : 2));
        } else {
            region = REGIONS.get(simplified(label));
        }
        if (region == null && !isFrance) {
            return Optional.empty();
        }
        ObjectNode address = MAPPER.createObjectNode().put("@type", "PostalAddress");
        // Without the code of a commune, the label names a département.
        if (place.matches() && !commune.isEmpty()) {
            put(address, "addressLocality", Optional.of(place.group(2)));
        }
        put(address, "addressRegion", Optional.ofNullable(region));
        put(address, "postalCode", Optional.of(postalCode).filter(digits -> !digits.isEmpty()));
        return Optional.of(address.put("addressCountry", "FR"));
    }

    /** Returns a salary such as {@code Mensuel de 1850.0 Euros à 2100.0 Euros}; empty for any other text. */
    private static Optional<ObjectNode> salary(String label) {
        Matcher salary = SALARY.matcher(label);
        if (!salary.matches()) {
            return Optional.empty();
        }
        Unit unit = UNITS.get(salary.group(1));
        BigDecimal least = amount(salary.group(2));
        BigDecimal most = salary.group(3) == null ? least : amount(salary.group(3));
        if (!unit.isPlausible(least) || !unit.isPlausible(most) || least.compareTo(most) > 0) {
            return Optional.empty();
        }
        ObjectNode value =
                MAPPER.createObjectNode().put("@type", "QuantitativeValue").put("unitText", unit.name);
        return Optional.of(
                salary.group(3) == null
                        ? value.put("value", least.doubleValue())
                        : value.put("minValue", least.doubleValue()).put("maxValue", most.doubleValue()));
    }

    private static BigDecimal amount(String digits) {
        return new BigDecimal(digits.replace(',', '.'));
    }

    /** Returns the regions by the number of a département and by their simplified name. */
    private static Map<String, String> regions(String lines) {
        Map<String, String> regions = new HashMap<>();
        lines.lines().forEach(line -> {
            Matcher numbers = Pattern.compile("(\\D+) (.+)").matcher(line);
            if (!numbers.matches()) {
                throw new IllegalStateException(line);
            }
            regions.put(simplified(numbers.group(1)), numbers.group(1));
            for (String number : numbers.group(2).split(" ")) {
                regions.put(number, numbers.group(1));
            }
        });
        return regions;
    }

    /** Returns the lower-case letters of a name, without accents. */
    private static String simplified(String name) {
        return Normalizer.normalize(name, Normalizer.Form.NFD)
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^a-z]", "");
    }

    private static void put(ObjectNode node, String name, Optional<String> text) {
        text.ifPresent(value -> node.put(name, OfferPage.shown(value)));
    }
}
