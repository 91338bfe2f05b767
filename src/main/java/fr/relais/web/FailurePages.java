package fr.relais.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.dao.DataAccessException;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.servlet.ModelAndView;

/** The pages that explain why an offer or a page cannot be shown. A request for a fragment gets a fragment. */
@ControllerAdvice
class FailurePages {

    private final Site site;

    FailurePages(Site site) {
        this.site = site;
    }

    /** Answers a request while the database is down or the pipeline has not started yet. */
    @ExceptionHandler
    ModelAndView explain(DataAccessException failure, HttpServletRequest request, HttpServletResponse response) {
        return explain(OfferUnavailable.withoutDatabase(), request, response);
    }

    @ExceptionHandler
    ModelAndView explain(OfferUnavailable failure, HttpServletRequest request, HttpServletResponse response) {
        response.setStatus(failure.status().value());
        failure.retryAfter().ifPresent(time -> response.setHeader("Retry-After", Long.toString(time.toSeconds())));
        response.setHeader("Cache-Control", "private, no-store");
        boolean isFragment = request.getRequestURI().endsWith("/fragment");
        ModelAndView page = new ModelAndView(isFragment ? "message :: message" : "message");
        page.addAllObjects(site.pageModel(request));
        page.addObject("message", failure.key());
        page.addObject("detail", failure.detail());
        return page;
    }
}
