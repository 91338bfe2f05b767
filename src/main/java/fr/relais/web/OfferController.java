package fr.relais.web;

import fr.relais.views.View;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.ProducerTemplate;
import org.springframework.http.HttpMethod;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;

/** An offer for people: whole pages, and fragments for sites that have pages of their own. */
@Controller
class OfferController {

    private static final Duration UNTIL_COUNTED = Duration.ofSeconds(30);

    private final Offers offers;
    private final OperatorLink link;
    private final ProducerTemplate producer;

    OfferController(Site site, Offers offers, CamelContext camel) {
        this.offers = offers;
        this.link = new OperatorLink(site.settings().xitiTag());
        this.producer = camel.createProducerTemplate();
    }

    @GetMapping("/offres/{id}")
    String page(@PathVariable String id, HttpServletRequest request, HttpServletResponse response, Model model) {
        Json offer = open(id, request);
        OfferPage page = show(id, offer, response, model);
        String url = model.getAttribute("site") + "/offres/" + id;
        model.addAttribute("jobPosting", JobPosting.of(id, offer, page.title(), url));
        return "offre";
    }

    @GetMapping("/offres/{id}/fragment")
    String fragment(@PathVariable String id, HttpServletRequest request, HttpServletResponse response, Model model) {
        show(id, open(id, request), response, model);
        return "offre-fragment";
    }

    /** Where the form of the home page leads. There is no list. */
    @GetMapping("/offres")
    String find(@RequestParam(defaultValue = "") String id, Model model) {
        String number = id.strip();
        if (!number.isEmpty() && !View.isOfferId(number)) {
            throw NotShown.absent(number);
        }
        // Or what is said on each page would go into the address.
        model.asMap().clear();
        return number.isEmpty() ? "redirect:/" : "redirect:/offres/" + number;
    }

    private Json open(String id, HttpServletRequest request) {
        Json offer = Json.parse(offers.open(id, request));
        if (!request.getMethod().equals(HttpMethod.HEAD.name())) {
            count(id, request.getHeader("User-Agent"));
        }
        return offer;
    }

    private OfferPage show(String id, Json offer, HttpServletResponse response, Model model) {
        OfferPage page = OfferPage.of(id, offer, link);
        response.setHeader("Cache-Control", "private, no-store");
        model.addAttribute("offer", page);
        model.addAttribute("operatorLink", link.of(offer, id).orElse(null));
        return page;
    }

    /** Before it is shown: what is shown is counted (licence, article 5.4). */
    private void count(String id, String agent) {
        View view = new View(id, Clock.systemUTC().instant(), UUID.randomUUID().toString(), agent);
        try {
            producer.requestBody("direct:count-views", List.of(view));
        } catch (CamelExecutionException e) {
            throw NotShown.withdrawn(UNTIL_COUNTED);
        }
    }
}
