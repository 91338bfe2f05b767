package fr.relais.web.api;

import com.fasterxml.jackson.annotation.JsonRawValue;
import fr.relais.licence.Mentions;
import fr.relais.web.Json;
import fr.relais.web.Offers;
import fr.relais.web.OperatorLink;
import fr.relais.web.Site;
import jakarta.servlet.http.HttpServletRequest;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** The JSON API: an offer for the programs of a site with a key, and the contract of the API. */
@RestController
class ApiController {

    private final Site site;
    private final Offers offers;
    private final OperatorLink link;

    /**
     * @param offre the content as received, byte for byte
     * @param lien the tagged address of the offer's page on the operator's site, for visitors who want the offer; null
     *     when the offer has no such address
     * @param mentions the mentions that the licence requires
     */
    private record Answer(@JsonRawValue String offre, String lien, Mentions mentions) {}

    ApiController(Site site, Offers offers) {
        this.site = site;
        this.offers = offers;
        this.link = new OperatorLink(site.display().xitiTag());
    }

    @GetMapping(path = "/api/offres/{id}", produces = "application/json")
    ResponseEntity<?> offer(@PathVariable String id, HttpServletRequest request) {
        String json = offers.open(id, request);
        String tagged = link.of(Json.parse(json), id).orElse(null);
        return ResponseEntity.ok()
                .header("Cache-Control", "private, no-store")
                .header("Link", "<" + site.display().licenceUrl() + ">; rel=\"license\"")
                .body(new Answer(json, tagged, site.mentions(site.url(request))));
    }

    @GetMapping(path = "/api/openapi.yaml", produces = "application/yaml")
    Resource contract() {
        return new ClassPathResource("openapi.yaml");
    }
}
