package fr.relais.web.access;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.security.authentication.AuthenticationManager;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.web.authentication.AuthenticationConverter;
import org.springframework.security.web.authentication.www.BasicAuthenticationFilter;
import org.springframework.security.web.util.matcher.RequestMatcher;

/**
 * A filter that authenticates each request that has a key or comes from the machine itself. A wrong key leaves the
 * request anonymous, because public pages are shown with any key or none. Only a key that cannot be checked stops the
 * request, and only for an address where a key makes a difference.
 */
final class KeyFilter extends BasicAuthenticationFilter {

    private final RequestMatcher withoutKey;

    /** @param withoutKey matches the requests that are answered in the same way with any key or none */
    KeyFilter(AuthenticationManager manager, AuthenticationConverter converter, RequestMatcher withoutKey) {
        super(manager);
        this.withoutKey = withoutKey;
        setAuthenticationConverter(converter);
    }

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        return withoutKey.matches(request);
    }

    @Override
    protected void onUnsuccessfulAuthentication(
            HttpServletRequest request, HttpServletResponse response, AuthenticationException failure) {
        if (failure instanceof AuthenticationServiceException) {
            throw failure;
        }
    }
}
