package fr.relais.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The facets of a search answer. Each partitions the offers: every offer has exactly one value of each, which as a
 * filter selects it; an offer that lacks the field has a value for that, too.
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
     * Under a year or none, one to three years, more: the filter's 1, 2 and 3. That 4 means an experience of unstated
     * length is our guess.
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
    /** An offer has a code from 1 to 9, the filter only knows 9 (executive) and 0 (any other). */
    QUALIFICATION("qualification") {
        @Override
        String valueFor(JsonNode offer) {
            return offer.path("qualificationCode").asText("").equals("9") ? "9" : "0";
        }
    },
    /** An offer has a label, the filter takes a code. */
    NATURE_CONTRAT("natureContrat") {
        @Override
        String valueFor(JsonNode offer) {
            return NATURE_CODES.getOrDefault(offer.path("natureContrat").asText(""), NOT_GIVEN);
        }
    };

    /** The value of offers without the field, or with one that no code exists for. */
    static final String NOT_GIVEN = "ND";

    /** Codes of the filter {@code natureContrat} by the label that offers bear. */
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

    /** The name of the facet in the answer and of the filter in the query. */
    String parameter() {
        return parameter;
    }

    abstract String valueFor(JsonNode offer);
}
