package fr.relais.web.access;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.access.AccessDeniedHandler;

/**
 * The answers to requests that are not allowed: 401 where a key would help, 405 for a wrong method of the API,
 * otherwise 404. The API answers in JSON. While keys cannot be checked, the answer is 503.
 */
final class Refusals implements AuthenticationEntryPoint, AccessDeniedHandler {

    @Override
    public void commence(HttpServletRequest request, HttpServletResponse response, AuthenticationException failure)
            throws IOException {
        if (failure instanceof AuthenticationServiceException) {
            response.setHeader(HttpHeaders.RETRY_AFTER, "10");
            answer(response, HttpServletResponse.SC_SERVICE_UNAVAILABLE, "keys cannot be checked now; try again");
        } else {
            refuse(request, response);
        }
    }

    @Override
    public void handle(HttpServletRequest request, HttpServletResponse response, AccessDeniedException failure)
            throws IOException {
        refuse(request, response);
    }

    private static void refuse(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String path = request.getServletPath();
        if (path.startsWith("/actuator/health/")) {
            response.setHeader(HttpHeaders.WWW_AUTHENTICATE, "Basic realm=\"Relais\", charset=\"UTF-8\"");
            response.sendError(HttpServletResponse.SC_UNAUTHORIZED);
        } else if (!path.equals("/api/views") && !path.startsWith("/api/offres/")) {
            response.sendError(HttpServletResponse.SC_NOT_FOUND);
        } else if (request.isUserInRole(Access.SITE)) {
            answer(response, HttpServletResponse.SC_METHOD_NOT_ALLOWED, "method not allowed; see /api/openapi.yaml");
        } else {
            response.setHeader(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
            answer(response, HttpServletResponse.SC_UNAUTHORIZED, "send an API key as Authorization: Bearer KEY");
        }
    }

    private static void answer(HttpServletResponse response, int status, String error) throws IOException {
        response.setStatus(status);
        response.setContentType(MediaType.APPLICATION_JSON_VALUE + ";charset=UTF-8");
        response.getWriter().write("{\"error\":\"" + error + "\"}");
    }
}
