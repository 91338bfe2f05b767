package fr.relais.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The facets in the answer to a search. Each facet partitions the offers: every offer has exactly one value, and a
 * filter with that value matches the offer. An offer without the field has a value of its own.
 */
enum Facet {
    TYPE_CONTRAT("typeContrat") {
        @Override
        String valueFor(JsonNode offer) {
            String type = offer.path("typeContrat").asText("");
            return type.isBlank() ? NOT_GIVEN : type;
        }
    },
    /**
     * The filter's values: 0 not given, 1 beginners or less than one year, 2 one to three years, 3 more than three
     * years, 4 experience of unstated length. The meaning of 4 is our assumption.
     */
    EXPERIENCE("experience") {
        @Override
        String valueFor(JsonNode offer) {
            String wanted = offer.path("experienceExige").asText("");
            if (wanted.isBlank()) {
                return "0";
            }
            if (wanted.equals("D")) {
                return "1";
            }
            Matcher length = LENGTH.matcher(offer.path("experienceLibelle").asText(""));
            if (!length.find()) {
                return "4";
            }
            int months = Integer.parseInt(length.group(1)) * (length.group(2).equals("An") ? 12 : 1);
            return months < 12 ? "1" : months <= 36 ? "2" : "3";
        }
    },
    /** An offer has a code from 1 to 9; the filter only accepts 9 (executive) and 0 (any other). */
    QUALIFICATION("qualification") {
        @Override
        String valueFor(JsonNode offer) {
            return offer.path("qualificationCode").asText("").equals("9") ? "9" : "0";
        }
    },
    /** An offer has a label; the filter accepts a code. */
    NATURE_CONTRAT("natureContrat") {
        @Override
        String valueFor(JsonNode offer) {
            return NATURE_CODES.getOrDefault(offer.path("natureContrat").asText(""), NOT_GIVEN);
        }
    };

    /** The value of offers without the field, or with a label that has no code. */
    static final String NOT_GIVEN = "ND";

    /** The codes of the filter {@code natureContrat}, by the label in offers. */
    static final Map<String, String> NATURE_CODES = Map.of(
            "Contrat travail", "E1",
            "Contrat apprentissage", "E2",
            "Cont. professionnalisation", "FS",
            "Insertion par l'activ.éco.", "I1",
            "Emploi non salarié", "NS",
            "CDI de chantier ou d’opération", "CC");

    private static final Pattern LENGTH = Pattern.compile("(\\d{1,3}) (Mois|An)");

    private final String parameter;

    Facet(String parameter) {
        this.parameter = parameter;
    }

    /** Returns the name of the facet in an answer, which is also the name of the filter in a query. */
    String parameter() {
        return parameter;
    }

    abstract String valueFor(JsonNode offer);
}
