package fr.relais.web.console;

import fr.relais.web.Site;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.springframework.core.annotation.Order;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.servlet.ModelAndView;

/** Adds the frame to each page of the console: navigation, language and freshness. */
@ControllerAdvice(basePackageClasses = Frames.class)
@Order(0)
class Frames {

    /** How often the browser reloads a page without a script, in seconds. */
    private static final String PERIOD = "10";

    private final Site site;
    private final List<ConsolePage> pages;

    Frames(Site site, List<ConsolePage> pages) {
        this.site = site;
        this.pages = pages.stream()
                .sorted(Comparator.comparingInt(ConsolePage::position))
                .toList();
    }

    @ModelAttribute
    void addTo(Model model, Locale locale, HttpServletRequest request, HttpServletResponse response) {
        boolean isRenewed = Boolean.parseBoolean(request.getParameter("renew"));
        if (isRenewed) {
            response.setHeader("Refresh", PERIOD);
        }
        // After the sign-out, the browser must not show the page again.
        response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        ConsoleLanguage.remember(request, response);
        model.addAttribute("frame", frame(request, locale, isRenewed));
        model.addAttribute("format", new Format(locale));
    }

    private Frame frame(HttpServletRequest request, Locale locale, boolean isRenewed) {
        return new Frame(
                pages,
                request.getRequestURI(),
                locale,
                site.freshnessIfKnown(),
                isRenewed,
                request.getUserPrincipal() != null,
                request.getSession(false) != null,
                request.isUserInRole("OPERATOR"));
    }

    /** Answers a request while the database is down or the pipeline has not started yet. */
    @ExceptionHandler
    ModelAndView explain(DataAccessException failure, Locale locale, HttpServletRequest request) {
        ModelAndView page = new ModelAndView("console/unavailable", HttpStatus.SERVICE_UNAVAILABLE);
        page.addObject("frame", frame(request, locale, false));
        page.addObject("format", new Format(locale));
        return page;
    }
}
