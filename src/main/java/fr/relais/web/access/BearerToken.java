package fr.relais.web.access;

import java.util.List;
import org.springframework.security.authentication.AbstractAuthenticationToken;

/** An API key that a site gave as a bearer token and that has not been checked. */
final class BearerToken extends AbstractAuthenticationToken {

    private final String key;

    BearerToken(String key) {
        super(List.of());
        this.key = key;
    }

    @Override
    public String getCredentials() {
        return key;
    }

    /** Unknown before the key has been checked. */
    @Override
    public String getPrincipal() {
        return "";
    }
}
