package fr.relais.web.access;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.security.authentication.AuthenticationManager;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.web.authentication.AuthenticationConverter;
import org.springframework.security.web.authentication.www.BasicAuthenticationFilter;

/**
 * Authenticates each request that brings a key. A wrong key leaves the request anonymous, since the pages for everybody are shown
 * with any key or none; only keys that cannot be checked stop it.
 */
final class KeyFilter extends BasicAuthenticationFilter {

    KeyFilter(AuthenticationManager manager, AuthenticationConverter converter) {
        super(manager);
        setAuthenticationConverter(converter);
    }

    @Override
    protected void onUnsuccessfulAuthentication(
            HttpServletRequest request, HttpServletResponse response, AuthenticationException failure) {
        if (failure instanceof AuthenticationServiceException) {
            throw failure;
        }
    }
}
