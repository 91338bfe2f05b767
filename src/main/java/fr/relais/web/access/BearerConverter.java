package fr.relais.web.access;

import static org.springframework.security.authentication.UsernamePasswordAuthenticationToken.unauthenticated;

import jakarta.servlet.http.HttpServletRequest;
import org.springframework.http.HttpHeaders;
import org.springframework.security.core.Authentication;
import org.springframework.security.web.authentication.AuthenticationConverter;
import org.springframework.util.StringUtils;

/**
 * A converter that reads {@code Authorization: Bearer KEY}. Spring's own converter is part of its OAuth2 resource
 * server, which is not needed for keys.
 */
final class BearerConverter implements AuthenticationConverter {

    private static final String SCHEME = "Bearer ";

    @Override
    public Authentication convert(HttpServletRequest request) {
        String header = request.getHeader(HttpHeaders.AUTHORIZATION);
        return StringUtils.startsWithIgnoreCase(header, SCHEME)
                ? unauthenticated("", header.substring(SCHEME.length()).strip())
                : null;
    }
}
