package fr.relais.web.access;

import static org.springframework.security.core.authority.AuthorityUtils.createAuthorityList;

import org.springframework.dao.DataAccessException;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;

/** The check of API keys. A key as a bearer token stands for a site, a key as a password for an operator. */
final class ApiKeyProvider implements AuthenticationProvider {

    private final ApiKeys keys;

    ApiKeyProvider(ApiKeys keys) {
        this.keys = keys;
    }

    /** @throws AuthenticationServiceException when the database is down */
    @Override
    public Authentication authenticate(Authentication given) {
        String role = given instanceof BearerToken ? Access.SITE : Access.OPERATOR;
        try {
            return keys.name((String) given.getCredentials())
                    .map(name -> UsernamePasswordAuthenticationToken.authenticated(
                            name, null, createAuthorityList("ROLE_" + role)))
                    .orElseThrow(() -> new BadCredentialsException("there is no such key"));
        } catch (DataAccessException e) {
            throw new AuthenticationServiceException("keys cannot be checked now", e);
        }
    }

    @Override
    public boolean supports(Class<?> type) {
        return type == BearerToken.class || type == UsernamePasswordAuthenticationToken.class;
    }
}
