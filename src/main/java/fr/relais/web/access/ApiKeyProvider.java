package fr.relais.web.access;

import static org.springframework.security.core.authority.AuthorityUtils.createAuthorityList;

import org.springframework.dao.DataAccessException;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;

/** The check of API keys. The role of a request is that of its key. */
final class ApiKeyProvider implements AuthenticationProvider {

    private final ApiKeys keys;

    ApiKeyProvider(ApiKeys keys) {
        this.keys = keys;
    }

    /** @throws AuthenticationServiceException when the database is down */
    @Override
    public Authentication authenticate(Authentication given) {
        try {
            return keys.holder((String) given.getCredentials())
                    .map(holder -> UsernamePasswordAuthenticationToken.authenticated(
                            holder.name(), null, createAuthorityList("ROLE_" + holder.role())))
                    .orElseThrow(() -> new BadCredentialsException("there is no such key"));
        } catch (DataAccessException e) {
            throw new AuthenticationServiceException("keys cannot be checked now", e);
        }
    }

    @Override
    public boolean supports(Class<?> type) {
        return type == UsernamePasswordAuthenticationToken.class;
    }
}
