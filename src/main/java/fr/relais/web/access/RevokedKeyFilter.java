package fr.relais.web.access;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.dao.DataAccessException;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.filter.OncePerRequestFilter;

/** A filter that ends the session of an operator whose key was revoked. */
final class RevokedKeyFilter extends OncePerRequestFilter {

    private final ApiKeys keys;

    RevokedKeyFilter(ApiKeys keys) {
        this.keys = keys;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        Authentication signedIn = SecurityContextHolder.getContext().getAuthentication();
        if (signedIn != null && signedIn.getPrincipal() instanceof Operator operator && !isValid(operator)) {
            request.getSession().invalidate();
            SecurityContextHolder.clearContext();
            throw new BadCredentialsException("the key was revoked");
        }
        chain.doFilter(request, response);
    }

    private boolean isValid(Operator operator) {
        try {
            return keys.isValid(operator);
        } catch (DataAccessException e) {
            throw new AuthenticationServiceException("keys cannot be checked now", e);
        }
    }
}
