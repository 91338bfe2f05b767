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

/** A filter that ends the session of a person whose key was revoked. */
final class RevokedKeyFilter extends OncePerRequestFilter {

    private final ApiKeys keys;

    RevokedKeyFilter(ApiKeys keys) {
        this.keys = keys;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        Authentication signedIn = SecurityContextHolder.getContext().getAuthentication();
        if (signedIn != null && signedIn.getPrincipal() instanceof ConsoleUser user && !isValid(user)) {
            request.getSession().invalidate();
            SecurityContextHolder.clearContext();
            throw new BadCredentialsException("the key was revoked");
        }
        chain.doFilter(request, response);
    }

    private boolean isValid(ConsoleUser user) {
        try {
            return keys.isValid(user);
        } catch (DataAccessException e) {
            throw new AuthenticationServiceException("keys cannot be checked now", e);
        }
    }
}
