package fr.relais.web.page;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import fr.relais.web.Json;
import java.util.Map;
import java.util.Optional;
import org.unbescape.html.HtmlEscape;

/** A {@code JobPosting} of schema.org for search engines, as JSON-LD. */
final class JobPosting {

    private static final JsonMapper MAPPER = new JsonMapper();

    private static final Map<String, String> EMPLOYMENT_TYPES =
            Map.of("Temps plein", "FULL_TIME", "Temps partiel", "PART_TIME");

    private JobPosting() {}

    /**
     * Describes an offer.
     *
     * @param title the title of the page
     * @param url the address of the page
     * @return JSON that is safe inside a {@code script} element, whatever the offer contains
     */
    static String of(String id, Json offer, String title, String url) {
        ObjectNode posting = MAPPER.createObjectNode();
        posting.put("@context", "https://schema.org").put("@type", "JobPosting");
        posting.put("title", title);
        // Search engines read the description as HTML, so its text is escaped.
        offer.text("description")
                .ifPresent(text -> posting.put(
                        "description",
                        HtmlEscape.escapeHtml4Xml(OfferPage.shown(text))
                                .replace("\r\n", "<br>")
                                .replace("\n", "<br>")));
        put(posting, "datePosted", offer.text("dateCreation"));
        posting.putObject("identifier")
                .put("@type", "PropertyValue")
                .put("name", "France Travail")
                .put("value", id);
        put(
                posting.putObject("hiringOrganization").put("@type", "Organization"),
                "name",
                offer.text("entreprise", "nom").or(() -> Optional.of("Non communiqué")));
        ObjectNode place = posting.putObject("jobLocation").put("@type", "Place");
        ObjectNode address = place.putObject("address").put("@type", "PostalAddress");
        put(address, "addressLocality", offer.text("lieuTravail", "libelle"));
        put(address, "postalCode", offer.text("lieuTravail", "codePostal"));
        address.put("addressCountry", "FR");
        put(posting, "employmentType", offer.text("dureeTravailLibelleConverti").map(EMPLOYMENT_TYPES::get));
        put(posting, "industry", offer.text("secteurActiviteLibelle"));
        posting.put("url", url).put("directApply", false);
        // Without "<", no text can end the element or start another. JSON has this character only in strings.
        return posting.toString().replace("<", "\\u003c");
    }

    private static void put(ObjectNode node, String name, Optional<String> text) {
        text.ifPresent(value -> node.put(name, OfferPage.shown(value)));
    }
}
