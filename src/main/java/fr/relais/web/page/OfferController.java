package fr.relais.web.page;

import fr.relais.source.OfferId;
import fr.relais.views.View;
import fr.relais.web.Json;
import fr.relais.web.OfferUnavailable;
import fr.relais.web.Offers;
import fr.relais.web.OperatorLink;
import fr.relais.web.Site;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.ProducerTemplate;
import org.springframework.http.HttpMethod;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;

/** The page of an offer, and the fragment of an offer that other sites include in their pages. */
@Controller
class OfferController {

    private final Site site;
    private final Offers offers;
    private final TemplateCache templates;
    private final OperatorLink link;
    private final ProducerTemplate producer;

    OfferController(Site site, Offers offers, TemplateCache templates, CamelContext camel) {
        this.site = site;
        this.offers = offers;
        this.templates = templates;
        this.link = new OperatorLink(site.display().xitiTag());
        this.producer = camel.createProducerTemplate();
    }

    @GetMapping("/offres/{id}")
    void page(@PathVariable String id, HttpServletRequest request, HttpServletResponse response) throws IOException {
        Json offer = open(id, request);
        Map<String, String> html = OfferPage.of(id, offer, link).html();
        JobPosting.of(id, offer, site.url(request) + "/offres/" + id)
                .ifPresent(posting -> html.put("jobPosting", posting));
        show("offre", html, request, response);
    }

    @GetMapping("/offres/{id}/fragment")
    void fragment(@PathVariable String id, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        Map<String, String> html = OfferPage.of(id, open(id, request), link).html();
        show("offre-fragment", html, request, response);
    }

    /** Redirects the form of the home page to the page of the offer. There is no list of offers. */
    @GetMapping("/offres")
    String find(@RequestParam(defaultValue = "") String id) {
        String number = id.strip();
        if (!number.isEmpty() && !OfferId.isValid(number)) {
            throw OfferUnavailable.absent(number);
        }
        return number.isEmpty() ? "redirect:/" : "redirect:/offres/" + number;
    }

    private Json open(String id, HttpServletRequest request) {
        Json offer = Json.parse(offers.open(id, request));
        if (!request.getMethod().equals(HttpMethod.HEAD.name())) {
            count(id, request.getHeader("User-Agent"));
        }
        return offer;
    }

    private void show(
            String template, Map<String, String> html, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        List<byte[]> page = templates.fill(template, site.pageModel(request), html);
        response.setContentType("text/html;charset=UTF-8");
        response.setHeader("Cache-Control", "private, no-store");
        response.setContentLength(page.stream().mapToInt(part -> part.length).sum());
        for (byte[] part : page) {
            response.getOutputStream().write(part);
        }
    }

    /** Counts the view before the offer is shown, so that every shown offer is counted (licence, article 5.4). */
    private void count(String id, String agent) {
        View view = View.shown(id, Clock.systemUTC().instant(), agent);
        try {
            producer.requestBody("direct:relais-count-views", List.of(view));
        } catch (CamelExecutionException e) {
            throw OfferUnavailable.withoutDatabase();
        }
    }
}
