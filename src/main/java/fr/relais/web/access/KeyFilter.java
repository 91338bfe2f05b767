package fr.relais.web.access;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.security.authentication.AuthenticationManager;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.web.authentication.AuthenticationConverter;
import org.springframework.security.web.authentication.www.BasicAuthenticationFilter;

/**
 * A filter that authenticates each request that has a key or comes from the machine itself. A wrong key leaves the
 * request anonymous, because public pages are shown with any key or none. Only a key that cannot be checked stops the
 * request.
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
