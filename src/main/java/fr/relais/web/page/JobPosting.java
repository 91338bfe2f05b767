package fr.relais.web.page;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import fr.relais.web.Json;
import java.util.Map;
import java.util.Optional;
import org.unbescape.html.HtmlEscape;

/** What search engines want to know of an offer: a {@code JobPosting} of schema.org, as JSON-LD. */
final class JobPosting {

    private static final JsonMapper MAPPER = new JsonMapper();

    private static final Map<String, String> EMPLOYMENT_TYPES =
            Map.of("Temps plein", "FULL_TIME", "Temps partiel", "PART_TIME");

    private JobPosting() {}

    /**
     * @param url the address of the page
     * @return JSON that can stand in a {@code script} element whatever the offer says
     */
    static String of(String id, Json offer, String title, String url) {
        ObjectNode posting = MAPPER.createObjectNode();
        posting.put("@context", "https://schema.org").put("@type", "JobPosting");
        posting.put("title", title);
        // As HTML, says schema.org's guide; so the text is escaped once more.
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
        // Nothing that could end the element or begin another; JSON has this character in texts only.
        return posting.toString().replace("<", "\\u003c");
    }

    private static void put(ObjectNode node, String name, Optional<String> text) {
        text.ifPresent(value -> node.put(name, OfferPage.shown(value)));
    }
}
