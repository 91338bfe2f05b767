package fr.relais.web;

import static org.springframework.web.servlet.view.UrlBasedViewResolver.REDIRECT_URL_PREFIX;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.util.Map;
import org.springframework.dao.DataAccessException;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** What all pages say, and what is said when an offer is not shown. */
@ControllerAdvice
class PublicPages implements HandlerInterceptor, WebMvcConfigurer {

    private static final Duration UNTIL_DATABASE = Duration.ofSeconds(30);

    private final Site site;

    PublicPages(Site site) {
        this.site = site;
    }

    @Override
    public void addInterceptors(InterceptorRegistry registry) {
        registry.addInterceptor(this);
    }

    @Override
    public void postHandle(
            HttpServletRequest request, HttpServletResponse response, Object handler, ModelAndView page) {
        // Or what is said on each page would go into the address of a redirection.
        if (page != null && !String.valueOf(page.getViewName()).startsWith(REDIRECT_URL_PREFIX)) {
            page.addAllObjects(site.onEachPage(request));
            if (!response.containsHeader("Cache-Control")) {
                response.setHeader("Cache-Control", "no-cache");
            }
        }
    }

    /** The database is away, or all this is only starting. */
    @ExceptionHandler
    Object explain(DataAccessException failure, HttpServletRequest request, HttpServletResponse response) {
        return explain(NotShown.withdrawn(UNTIL_DATABASE), request, response);
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
        page.addAllObjects(site.onEachPage(request));
        page.addObject("message", reason.key());
        page.addObject("detail", reason.detail());
        return page;
    }

    private static boolean isForPrograms(HttpServletRequest request) {
        return request.getRequestURI().startsWith(request.getContextPath() + "/api/");
    }
}
