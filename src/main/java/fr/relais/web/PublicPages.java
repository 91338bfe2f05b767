package fr.relais.web;

import fr.relais.sweep.Freshness;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Map;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.servlet.ModelAndView;

/** What all pages say, and what is said when an offer is not shown. */
@ControllerAdvice
class PublicPages {

    private final Site site;

    PublicPages(Site site) {
        this.site = site;
    }

    @ModelAttribute
    void sayOnEachPage(HttpServletRequest request, Model model) {
        if (!isForPrograms(request)) {
            model.addAllAttributes(onEachPage(request));
        }
    }

    /** As the caller can use it: JSON for the API, a fragment in the place of a fragment, a page for people. */
    @ExceptionHandler
    Object explain(NotShown reason, HttpServletRequest request, HttpServletResponse response) {
        response.setStatus(reason.status().value());
        reason.retryAfter().ifPresent(time -> response.setHeader("Retry-After", Long.toString(time.toSeconds())));
        response.setHeader("Cache-Control", "private, no-store");
        if (isForPrograms(request)) {
            return ResponseEntity.status(reason.status())
                    .contentType(MediaType.APPLICATION_JSON)
                    .body(Map.of("error", reason.getMessage(), "mentions", site.mentions(site.url(request))));
        }
        ModelAndView page =
                new ModelAndView(request.getRequestURI().endsWith("/fragment") ? "message :: message" : "message");
        page.addAllObjects(onEachPage(request));
        page.addObject("message", reason.key());
        page.addObject("detail", reason.detail());
        return page;
    }

    private Map<String, Object> onEachPage(HttpServletRequest request) {
        String url = site.url(request);
        return Map.of(
                "mentions", site.mentions(url),
                "robots", site.settings().robots(),
                "stale", site.freshnessIfKnown().state() == Freshness.State.STALE,
                "staleHours", site.settings().bannerAfter().toHours(),
                "site", url,
                "hasLogo", site.settings().logo().isPresent());
    }

    private static boolean isForPrograms(HttpServletRequest request) {
        return request.getRequestURI().startsWith(request.getContextPath() + "/api/");
    }
}
