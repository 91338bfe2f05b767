package fr.relais.web.access;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.access.AccessDeniedHandler;
import org.springframework.security.web.authentication.AuthenticationFailureHandler;
import org.springframework.security.web.csrf.CsrfException;

/**
 * The answers of the console to requests without a valid session: a redirect to the login page for a page, 401 for a
 * stream, and 401 or 403 for a form.
 */
final class SignInRefusals implements AuthenticationEntryPoint, AuthenticationFailureHandler, AccessDeniedHandler {

    /** The address of the page that explains a refusal. Requests from outside never reach it. */
    static final String PAGE = "/console/login/refused";

    /** The request attribute that completes the message key {@code login.refusal.*}. */
    private static final String REASON = "refusal";

    /** Answers a request without a session. */
    @Override
    public void commence(HttpServletRequest request, HttpServletResponse response, AuthenticationException failure)
            throws IOException, ServletException {
        String accept = request.getHeader(HttpHeaders.ACCEPT);
        if (failure instanceof AuthenticationServiceException) {
            onAuthenticationFailure(request, response, failure);
        } else if (accept != null && accept.contains(MediaType.TEXT_EVENT_STREAM_VALUE)
                || !request.getMethod().matches("GET|HEAD")) {
            response.setStatus(HttpServletResponse.SC_UNAUTHORIZED);
        } else {
            String path = request.getRequestURI();
            String then = path.matches("/console/[a-z0-9/-]+") ? "?to=" + path : "";
            response.sendRedirect("/console/login" + then);
        }
    }

    /** Answers an attempt to sign in. */
    @Override
    public void onAuthenticationFailure(
            HttpServletRequest request, HttpServletResponse response, AuthenticationException failure)
            throws IOException, ServletException {
        if (failure instanceof SignInAttempts.TooMany limit) {
            retryAfter(response, limit.retryAfter());
            explain(request, response, HttpStatus.TOO_MANY_REQUESTS.value(), "limit");
        } else if (failure instanceof AuthenticationServiceException) {
            retryAfter(response, Duration.ofSeconds(10));
            explain(request, response, HttpServletResponse.SC_SERVICE_UNAVAILABLE, "unavailable");
        } else {
            explain(request, response, HttpServletResponse.SC_UNAUTHORIZED, "wrong");
        }
    }

    /** Answers a form without a valid CSRF token, and an auditor who wants to change something. */
    @Override
    public void handle(HttpServletRequest request, HttpServletResponse response, AccessDeniedException failure)
            throws IOException, ServletException {
        explain(
                request,
                response,
                HttpServletResponse.SC_FORBIDDEN,
                failure instanceof CsrfException ? "forbidden" : "auditor");
    }

    private static void retryAfter(HttpServletResponse response, Duration time) {
        response.setHeader(HttpHeaders.RETRY_AFTER, Long.toString(time.toSeconds()));
    }

    private static void explain(HttpServletRequest request, HttpServletResponse response, int status, String reason)
            throws IOException, ServletException {
        response.setStatus(status);
        request.setAttribute(REASON, reason);
        request.getRequestDispatcher(PAGE).forward(request, response);
    }
}
