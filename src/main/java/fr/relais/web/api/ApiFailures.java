package fr.relais.web.api;

import fr.relais.web.OfferUnavailable;
import fr.relais.web.Site;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.dao.DataAccessException;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/** The JSON answers that explain to programs why an offer cannot be shown. */
@RestControllerAdvice(basePackageClasses = ApiFailures.class)
@Order(Ordered.HIGHEST_PRECEDENCE)
class ApiFailures {

    private final Site site;

    ApiFailures(Site site) {
        this.site = site;
    }

    /** Answers a request while the database is down or the pipeline has not started yet. */
    @ExceptionHandler
    ResponseEntity<?> explain(DataAccessException failure, HttpServletRequest request) {
        return explain(OfferUnavailable.withoutDatabase(), request);
    }

    @ExceptionHandler
    ResponseEntity<?> explain(OfferUnavailable failure, HttpServletRequest request) {
        ResponseEntity.BodyBuilder answer = ResponseEntity.status(failure.status())
                .header("Cache-Control", "private, no-store")
                .contentType(MediaType.APPLICATION_JSON);
        failure.retryAfter().ifPresent(time -> answer.header("Retry-After", Long.toString(time.toSeconds())));
        return answer.body(Map.of("error", failure.getMessage(), "mentions", site.mentions(site.url(request))));
    }
}
